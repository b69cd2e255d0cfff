package main

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFigure(t *testing.T) {
	f := plot{
		title: "t", xLabel: "x", yLabel: "y", floor: 1e-16, top: 1,
		series: []series{{"a", "#000", []float64{1, 1e-8, 0}}, {"b", "#111", []float64{2}}},
	}
	require.Equal(t, float64(plotTop), f.height(2), "above the top")
	require.InDelta(t, plotTop+plotHeight/2, f.height(1e-8), 1e-9)
	require.Equal(t, float64(plotTop+plotHeight), f.height(0), "below the floor")
	text := f.svg()
	require.Equal(t, 2+4, strings.Count(text, "<circle"), "legend and points")
	require.NoError(t, xml.Unmarshal([]byte(text), new(struct{ XMLName xml.Name })))
	require.ErrorContains(t, plotMain([]string{"none", "x.svg"}), "eig")
}
