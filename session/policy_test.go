package session

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/codec"
)

func TestPolicyNamesTheFieldThatIsWrong(t *testing.T) {
	for _, c := range []struct {
		policy Policy
		err    string
	}{
		{Policy{}, ""},
		{Policy{Detail: ExactAlways, RateCap: 8000, FrameCap: 240, Smoothest: 20, Sharpest: 20}, ""},
		{Policy{Colours: 3}, "session: Policy.Colours is 3, want AllColours, FewColours or Grey"},
		{Policy{Detail: 3}, "session: Policy.Detail is 3, want CoarseFirst, ExactAlways or CoarseOnly"},
		{Policy{Sharpest: codec.Exact}, "session: Policy.Sharpest is 100, want 0 to 99"},
		{Policy{Smoothest: 30, Sharpest: 20}, "session: Policy.Smoothest is 30, above Sharpest 20"},
		{Policy{RateCap: 7999}, "session: Policy.RateCap is 7999 bit/s, want 0 or at least 8000"},
		{Policy{RateCap: -1}, "session: Policy.RateCap is -1 bit/s, want 0 or at least 8000"},
		{Policy{FrameCap: 241}, "session: Policy.FrameCap is 241 a second, want 0 to 240"},
	} {
		if err := c.policy.validate(); c.err == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, c.err)
		}
	}
}

func TestFramePauseIsTheCapsInverse(t *testing.T) {
	require.Zero(t, Policy{}.framePause())
	require.Equal(t, 50*time.Millisecond, Policy{FrameCap: 20}.framePause())
}
