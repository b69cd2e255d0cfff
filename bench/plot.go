package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
)

// plot is a scatter plot with a logarithmic y axis. Points at or below floor
// are drawn on it, those above top there.
type plot struct {
	title, xLabel, yLabel string
	floor, top            float64
	series                []series
}

// series is one implementation's points, at x = 1, 2, ….
type series struct {
	name  string
	color string
	y     []float64
}

// plots are what "bench plot" draws.
var plots = map[string]func() (plot, error){
	"eig": plotEigen,
	"svd": plotSVD,
}

// plotMain runs "bench plot name file": it draws a plot as SVG.
func plotMain(args []string) error {
	var names []string
	for name := range plots {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(args) != 2 || plots[args[0]] == nil {
		return fmt.Errorf("usage: bench plot name file.svg; the names are %s", strings.Join(names, ", "))
	}
	if err := relaunch(options{threads: 1}); err != nil {
		return err
	}
	f, err := plots[args[0]]()
	if err != nil {
		return err
	}
	return os.WriteFile(args[1], []byte(f.svg()), 0o644)
}

// The plot's geometry in pixels: the plane's corner, its size, and the whole.
const (
	plotLeft, plotTop      = 80, 50
	plotWidth, plotHeight  = 640, 360
	figureWidth, figureTop = 740, 470
)

// svg returns the plot as a document.
func (f *plot) svg() string {
	var b strings.Builder
	put := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	put(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`,
		figureWidth, figureTop, figureWidth, figureTop)
	put(`<rect width="100%%" height="100%%" fill="white"/>`)
	put(`<text x="%d" y="20" font-size="14">%s</text>`, plotLeft, f.title)
	first, last := math.Round(math.Log10(f.floor)), math.Round(math.Log10(f.top))
	for e := first; e <= last; e += 2 {
		y := f.height(math.Pow(10, e))
		put(`<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#ddd"/>`, plotLeft, y, plotLeft+plotWidth, y)
		put(`<text x="%d" y="%.1f" text-anchor="end">1e%g</text>`, plotLeft-8, y+4, e)
	}
	count := 0
	for _, s := range f.series {
		count = max(count, len(s.y))
	}
	across := func(i int) float64 { return plotLeft + (float64(i)+0.5)*plotWidth/float64(count) }
	for i := 0; i <= count; i += max(1, count/10) {
		put(`<text x="%.1f" y="%d" text-anchor="middle">%d</text>`, plotLeft+float64(i)*plotWidth/float64(count), plotTop+plotHeight+18, i)
	}
	put(`<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="#888"/>`, plotLeft, plotTop, plotWidth, plotHeight)
	put(`<text x="%d" y="%d" text-anchor="middle">%s</text>`, plotLeft+plotWidth/2, plotTop+plotHeight+40, f.xLabel)
	put(`<text transform="translate(22 %d) rotate(-90)" text-anchor="middle">%s</text>`, plotTop+plotHeight/2, f.yLabel)
	for k, s := range f.series {
		x := plotLeft + 150*k
		put(`<circle cx="%d" cy="36" r="4" fill="%s"/><text x="%d" y="40">%s</text>`, x+5, s.color, x+14, s.name)
		for i, y := range s.y {
			put(`<circle cx="%.1f" cy="%.1f" r="3" fill="%s" fill-opacity="0.75"/>`, across(i), f.height(y), s.color)
		}
	}
	put(`</svg>`)
	return b.String()
}

// height is the pixel row of a value.
func (f *plot) height(y float64) float64 {
	y = min(max(y, f.floor), f.top)
	return plotTop + plotHeight*math.Log(f.top/y)/math.Log(f.top/f.floor)
}

// palette colors series in their order; it keeps apart for the colour-blind
// (Okabe and Ito 2008).
var palette = []string{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"}
