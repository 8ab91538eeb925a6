package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatCannotBeShownIsOneSentence(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-display", ":4711"}, `^the X11 display :4711 cannot be shown: [^\n]+$`},
		{[]string{"-display", ":4711", "-trace", "a.trace.zip"}, `^-display and -trace: only one of them can be shown$`},
		{[]string{"-trace", "no.trace.zip"}, `no\.trace\.zip`},
		{[]string{":4711"}, `^what is ":4711"\?`},
	} {
		err := run(t.Context(), append([]string{"-listen", "127.0.0.1:0"}, c.args...))
		require.Error(t, err)
		require.Regexp(t, c.want, err.Error())
	}
}
