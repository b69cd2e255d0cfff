package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/lanes-go/lanes/kernels"
)

// heading is what a report says before its figures.
type heading struct {
	CPU        string   `json:"cpu"`
	Cores      int      `json:"cores"`
	Caches     []string `json:"caches,omitempty"`
	OS         string   `json:"os"`
	Arch       string   `json:"arch"`
	Go         string   `json:"go"`
	GOMAXPROCS int      `json:"gomaxprocs"`
	Threads    int      `json:"threads"`
	Pinned     []int    `json:"pinned_to_cores,omitempty"`
	ISA        string   `json:"isa"`
	Kernels    []string `json:"kernels,omitempty"`
	Peak32     float64  `json:"peak_f32_gflops,omitempty"`
	Peak64     float64  `json:"peak_f64_gflops,omitempty"`
	Peers      []peer   `json:"peers"`
	Absent     []string `json:"absent,omitempty"`

	Choice kernels.Choice `json:"choice"`
}

func describe(threads int, peers []peer, absent []string) heading {
	cpu, cores := processor()
	return heading{
		CPU: cpu, Cores: cores, Caches: cacheSizes(),
		OS: runtime.GOOS, Arch: runtime.GOARCH, Go: runtime.Version(),
		GOMAXPROCS: runtime.GOMAXPROCS(0), Threads: threads, Pinned: allowedCores(),
		ISA: kernels.ISA(), Choice: kernels.Chosen(), Kernels: kernelNames(),
		Peak32: measuredPeak(peakGauge[float32](threads)),
		Peak64: measuredPeak(peakGauge[float64](threads)),
		Peers:  peers, Absent: absent,
	}
}

// measuredPeak returns GFLOP/s.
func measuredPeak(p gauge) float64 {
	const long = 50 * time.Millisecond
	return p.work / race([]runner{{run: p.run}}, long)[0].best()
}

// processor returns the model and the number of cores, from the operating
// system where it tells: a pinned process sees one core only.
func processor() (model string, cores int) {
	model, cores = runtime.GOARCH+" processor, model unknown", runtime.NumCPU()
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return model, cores
	}
	listed := 0
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		switch strings.TrimSpace(key) {
		case "model name":
			model = strings.TrimSpace(value)
		case "processor":
			listed++
		}
	}
	return model, max(cores, listed)
}

// kernelNames returns the kernels chosen: those of gemm with tile and blocks,
// the others by name.
func kernelNames() (list []string) {
	var others []string
	for _, k := range kernels.Table() {
		switch {
		case k.MR > 0:
			list = append(list, fmt.Sprintf("%s %s %s, tile %d×%d, blocks MC %d, KC %d, NC %d",
				k.Op, k.ISA, k.Elem, k.MR, k.NR, k.MC, k.KC, k.NC))
		case !slices.Contains(others, k.Op):
			others = append(others, k.Op)
		}
	}
	if len(others) > 0 {
		list = append(list, strings.Join(others, ", "))
	}
	return list
}
