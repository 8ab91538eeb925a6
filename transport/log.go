package transport

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// pionLog lets pion write to a slog.Logger. What pion calls an error is mostly a peer that went away: nothing is above Debug but
// warnings and errors, which are Info.
type pionLog struct{ to *slog.Logger }

// NewLogger implements logging.LoggerFactory.
func (l pionLog) NewLogger(scope string) logging.LeveledLogger {
	return scopedLog{l.to, scope}
}

type scopedLog struct {
	to    *slog.Logger
	scope string
}

func (l scopedLog) log(level slog.Level, format string, a ...any) {
	if ctx := context.Background(); l.to.Enabled(ctx, level) {
		l.to.Log(ctx, level, fmt.Sprintf(format, a...), "from", "pion/"+l.scope)
	}
}

// levelTrace is below slog's Debug: a line for each packet.
const levelTrace = slog.LevelDebug - 4

func (l scopedLog) Trace(msg string)          { l.log(levelTrace, "%s", msg) }
func (l scopedLog) Tracef(f string, a ...any) { l.log(levelTrace, f, a...) }
func (l scopedLog) Debug(msg string)          { l.log(slog.LevelDebug, "%s", msg) }
func (l scopedLog) Debugf(f string, a ...any) { l.log(slog.LevelDebug, f, a...) }
func (l scopedLog) Info(msg string)           { l.log(slog.LevelDebug, "%s", msg) }
func (l scopedLog) Infof(f string, a ...any)  { l.log(slog.LevelDebug, f, a...) }
func (l scopedLog) Warn(msg string)           { l.log(slog.LevelInfo, "%s", msg) }
func (l scopedLog) Warnf(f string, a ...any)  { l.log(slog.LevelInfo, f, a...) }
func (l scopedLog) Error(msg string)          { l.log(slog.LevelInfo, "%s", msg) }
func (l scopedLog) Errorf(f string, a ...any) { l.log(slog.LevelInfo, f, a...) }
