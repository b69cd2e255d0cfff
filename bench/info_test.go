package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/kernels"
)

// TestHeadingExplainsTheChoice: text and JSON say what was chosen, why, and
// what became of the other sets.
func TestHeadingExplainsTheChoice(t *testing.T) {
	h := heading{Choice: kernels.Chosen()}
	text := headingText(h)
	require.Contains(t, text, "isa       "+kernels.ISA()+": ")
	for _, s := range h.Choice.Sets {
		require.Equal(t, 1, strings.Count(text, "          "+s.ISA+": "), "a line for %s in\n%s", s.ISA, text)
	}

	var out bytes.Buffer
	r := newReporter("json", &out)
	r.begin(h)
	require.NoError(t, r.end())
	var got struct {
		Machine struct{ Choice kernels.Choice }
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	require.Equal(t, h.Choice, got.Machine.Choice)
}
