package main

import (
	_ "embed"
	"os"
	"strconv"
	"strings"
	"sync"
)

//go:embed record_zen5.txt
var recordZen5 string

// record holds the best figures of the peers on one machine, and the bounds of
// that machine by which they are scaled to another.
type record struct {
	peak    map[string]float64  // by element type
	stream  map[string]float64  // by kind and level
	figures map[string]recorded // by operation, element type and size
}

type recorded struct {
	gflops  float64
	library string
}

// zen5Record is the record where it applies, on a processor of that family, and
// nil elsewhere.
var zen5Record = sync.OnceValue(func() *record {
	info, _ := os.ReadFile("/proc/cpuinfo")
	if !isZen5(string(info)) {
		return nil
	}
	return parseRecord(recordZen5)
})

// isZen5 reads Linux's description of the processor: AMD's family 26.
func isZen5(info string) bool {
	fields := map[string]string{}
	for line := range strings.Lines(info) {
		key, value, _ := strings.Cut(line, ":")
		fields[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	return fields["vendor_id"] == "AuthenticAMD" && fields["cpu family"] == "26"
}

func parseRecord(text string) *record {
	r := &record{peak: map[string]float64{}, stream: map[string]float64{}, figures: map[string]recorded{}}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || strings.HasPrefix(f[0], "#"):
		case f[0] == "peak":
			r.peak[f[1]] = number(f[2])
		case f[0] == "stream":
			r.stream[f[1]+" "+f[2]] = number(f[3])
		default:
			r.figures[strings.Join(f[:3], " ")] = recorded{number(f[3]), f[4]}
		}
	}
	return r
}

// number reads a number of the embedded record, which a test has read before.
func number(text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err)
	}
	return v
}

// scaled returns a row's best figure at this run's speed: by the ratio of the
// peaks, or of the streams for a row that memory bounds. It is 0 without one.
func (r *record) scaled(c *cell) (gflops float64, library string) {
	if r == nil {
		return 0, ""
	}
	f, known := r.figures[c.Op+" "+c.Elem+" "+c.Size]
	if !known {
		return 0, ""
	}
	ratio := c.Peak / r.peak[c.Elem]
	if c.Roof.Memory {
		ratio = c.Roof.Stream / r.stream[c.Roof.Kind+" "+c.Roof.Level]
	}
	return f.gflops * ratio, f.library
}
