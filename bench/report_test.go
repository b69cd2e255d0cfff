package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var sampleHeading = heading{
	CPU: "A processor", Cores: 4, OS: "linux", Arch: "amd64", Go: "go1.26", GOMAXPROCS: 1,
	Threads: 1, Pinned: []int{3}, ISA: "avx2", Caches: []string{"L1 32 KiB"},
	Kernels: []string{"gemm avx2 f64"}, Peak32: 100, Peak64: 50,
	Peers:  []peer{{Name: "lanes", Detail: "this"}, {Name: "gonum", Detail: "v0"}, {Name: "OpenBLAS", Detail: "0.3", CallCost: 150}},
	Absent: []string{"BLIS: not found"},
}

func sampleCells() []cell {
	return []cell{
		{
			Op: "gemm", Elem: "f64", Size: "n=8", Threads: 1, Flops: 1000, Bytes: 500, Peak: 50,
			Roof: &roof{Intensity: 2, Level: "L1", Kind: readStream, Stream: 400, Limit: 50, Share: 1},
			Results: []result{
				{Impl: "lanes", Calls: 7, Samples: []float64{25, 20}, Best: 20, Median: 22.5, Error: 0.25},
				{Impl: "gonum", Calls: 3, Samples: []float64{100}, Best: 100, Median: 100},
				{Impl: "OpenBLAS", Calls: 1, Samples: []float64{10}, Best: 10, Median: 10, CallBound: true},
			},
			Notes: []string{"a note"},
		},
		{
			Op: "gemm", Elem: "f64", Size: "n=16", Threads: 1, Flops: 1000, Peak: 50,
			Roof: &roof{Intensity: 2, Level: "L2", Kind: updateStream, Stream: 20, Limit: 40, Memory: true},
			Results: []result{
				{Impl: "lanes", Error: 9, Wrong: "entry (0, 0) is off"},
				{Impl: "gonum", Calls: 1, Samples: []float64{40}, Best: 40, Median: 40},
			},
		},
	}
}

func render(t *testing.T, format string) string {
	var out bytes.Buffer
	r := newReporter(format, &out)
	r.begin(sampleHeading)
	r.group(group{name: "gemm", unit: gflops}, sampleCells())
	require.NoError(t, r.end())
	return out.String()
}

func TestTable(t *testing.T) {
	got := render(t, "table")
	for _, want := range []string{
		"A processor, 4 cores, linux/amd64",
		"pinned to core 3",
		"OpenBLAS  0.3; a call costs 150 ns",
		"absent    BLIS: not found",
		"gemm f64, GFLOP/s, 1 thread",
		"n=8: a note",
		"WRONG: lanes gemm f64 n=16: entry (0, 0) is off",
		"lanes 9",
		"! above the peak measured",
		"* a tenth of this or more",
	} {
		require.Contains(t, got, want)
	}
	require.Equal(t, []string{"n=8", "50.0", "44.4", "100.0", "2.00", "FMA", "50.0", "100.0", "10.0", "5.00", "100!*", "0.50"}, fieldsOf(got, "n=8"))
	require.Equal(t, []string{"n=16", "WRONG", none, none, "2.00", "L2", "update", "20.0", none, "25.0", none, none, none}, fieldsOf(got, "n=16"))
}

// fieldsOf returns the fields of the line of text that begins with first.
func fieldsOf(text, first string) []string {
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] == first {
			return fields
		}
	}
	return nil
}

func TestGoBenchmarkFormat(t *testing.T) {
	got := render(t, "go")
	require.Contains(t, got, "goos: linux\ngoarch: amd64\n")
	require.Contains(t, got, "cpu: A processor\n")
	require.Contains(t, got, strings.Join([]string{
		"BenchmarkGemm/f64/n=8/impl=lanes 7 25 ns/op 40 GFLOP/s 20 GB/s 80 %peak 80 %bound",
		"BenchmarkGemm/f64/n=8/impl=lanes 7 20 ns/op 50 GFLOP/s 25 GB/s 100 %peak 100 %bound",
		"BenchmarkGemm/f64/n=8/impl=gonum 3 100 ns/op 10 GFLOP/s 5 GB/s 20 %peak 20 %bound",
	}, "\n"))
	require.NotContains(t, got, "n=16/impl=lanes", "a wrong result has no time")
}

func TestJSON(t *testing.T) {
	var got struct {
		Machine heading
		Groups  map[string][]cell
	}
	require.NoError(t, json.Unmarshal([]byte(render(t, "json")), &got))
	require.Equal(t, sampleHeading, got.Machine)
	require.Equal(t, sampleCells(), got.Groups["gemm"])
}

// Rows with a target name the best peer alone, and are counted.
func TestTargets(t *testing.T) {
	cells := sampleCells()
	for i := range cells {
		cells[i].setTarget(ofPeak(0.9))
	}
	cells[0].Size = square(128).String()
	report := func(format string) string {
		var out bytes.Buffer
		r := newReporter(format, &out)
		r.begin(sampleHeading)
		r.group(group{name: "gemm", unit: gflops}, cells)
		require.NoError(t, r.end())
		return out.String()
	}
	table := report("table")
	require.Equal(t, []string{"n=128", "50.0", "44.4", "100.0", "2.00", "FMA", "50.0", "100.0",
		"OpenBLAS", "100!*", "0.50", "45.0", "90", "%", "of", "peak", "yes"}, fieldsOf(table, "n=128"))
	require.Equal(t, "no", fieldsOf(table, "n=16")[len(fieldsOf(table, "n=16"))-1])
	require.Contains(t, table, "gemm f64, n = 128 to 4096: 100.0 % of peak on average, wanted 93: yes\nreached: 2 of 3\n")
	require.Contains(t, report("go"), "100 %peak 100 %bound 22.2222 target-ns/op\n")
	require.Contains(t, report("go"), "reached: 2 of 3\n")
	var got struct{ Reach map[string]tally }
	require.NoError(t, json.Unmarshal([]byte(report("json")), &got))
	require.Equal(t, tally{3, 2, []mean{{"f64", 1, meanShare, true}}}, got.Reach["gemm"])
	require.Nil(t, newTally(sampleCells()))
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWriteErrorsAreReported(t *testing.T) {
	for _, format := range []string{"table", "go", "json"} {
		r := newReporter(format, brokenPipe{})
		r.begin(sampleHeading)
		r.group(group{name: "gemm", unit: gflops}, sampleCells())
		require.ErrorContains(t, r.end(), "broken pipe", format)
	}
}
