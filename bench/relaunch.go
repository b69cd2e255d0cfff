package main

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/cpu"

	"github.com/lanes-go/lanes/kernels"
)

const (
	relaunchedVar = "LANES_BENCH_RELAUNCHED"
	keepVar       = "LANES_BENCH_KEEP_ENV" // 1 keeps the user's settings of the C libraries
	librariesVar  = "LANES_BENCH_LIB"      // files of further libraries, as in PATH
)

// threadVars are the environment's names for the threads of a C library.
var threadVars = []string{"OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS", "BLIS_NUM_THREADS", "MKL_NUM_THREADS"}

// blisWays are BLIS's threads per loop, which override its BLIS_NUM_THREADS.
var blisWays = []string{"BLIS_JC_NT", "BLIS_PC_NT", "BLIS_IC_NT", "BLIS_JR_NT", "BLIS_IR_NT"}

// fairEnvironment returns the environment in which the C libraries run like
// lanes does: on the instruction set isa and as many threads. They read it
// when they load, which is why it cannot be set later.
func fairEnvironment(env []string, isa, blisArch string, threads int) []string {
	fair := map[string]string{relaunchedVar: "1"}
	if os.Getenv(keepVar) == "" {
		for _, name := range threadVars {
			fair[name] = strconv.Itoa(threads)
		}
		for _, name := range append(blisWays, "OPENBLAS_L2_SIZE", "OPENBLAS_CORETYPE") {
			fair[name] = ""
		}
		fair["BLIS_ARCH_TYPE"] = blisArch
		switch isa {
		case "avx512":
			fair["OPENBLAS_CORETYPE"], fair["LIBXSMM_TARGET"] = "SkylakeX", "skx"
		case "avx2":
			fair["OPENBLAS_CORETYPE"], fair["LIBXSMM_TARGET"] = "Haswell", "hsw"
		}
	}
	var result []string
	for _, setting := range env {
		name, _, _ := strings.Cut(setting, "=")
		if _, ours := fair[name]; !ours {
			result = append(result, setting)
		}
	}
	for name, value := range fair {
		if value != "" {
			result = append(result, name+"="+value)
		}
	}
	return result
}

// peerISA is the instruction set that the C libraries are told to use: that of
// lanes, or the processor's best while LANES_ISA=go keeps lanes off assembly.
func peerISA() string {
	isa := kernels.ISA()
	switch {
	case isa != "go":
		return isa
	case cpu.X86.HasAVX512:
		return "avx512"
	case cpu.X86.HasAVX2:
		return "avx2"
	}
	return isa
}
