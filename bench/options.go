package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// options is the parsed command line.
type options struct {
	groups    []group
	format    string
	threads   int
	time      time.Duration // for each implementation in each cell
	elems     []string
	sizes     []size // nil: those of each group
	reach     bool   // groups measure the rows that have a target
	libraries []string
}

const usage = `Usage: bench [flags] [group ...]
       bench plot name file.svg
       bench tune [flags]

Measures lanes side by side with gonum and every C library found (OpenBLAS,
BLIS, libxsmm, Eigen), in one process, without cgo. Without a group it runs the
main job.

Groups:
%s
Flags:
%s
How it measures
  Implementations take turns, sample by sample, and so does a loop of nothing
  but fused multiply-adds: the peak that percentages refer to is measured in
  the same milliseconds as the row beside it. A sample lasts at least 100 µs;
  on several threads it follows a pause, so that no other library's threads are
  still looking for work, and untimed calls, so that its own are awake.
  Tables show the best sample and, for lanes, the median. "×" is how many times
  faster lanes is. Every result is verified before it is timed; a wrong one is
  marked WRONG, not timed, and the exit status is 1. "!" marks a rate above the
  measured peak: the probe was disturbed there, or LANES_ISA holds lanes, and
  with it the probe, below what the library uses.

Roofline
  For each row: its flops for every byte that must move, and what bounds it: the
  peak ("FMA" and GFLOP/s), or the memory that holds its operands (level, stream
  and GB/s), whichever allows less. Streams are measured beside the row with
  lanes' own kernels, over as many bytes: "read" is an inner product, "update"
  adds one vector to another. Where a row writes more of what it moves than they
  do, it may pass its bound.

Targets
  gemm -shapes all measures what products, vectors and matrices with vectors are
  to reach, and marks each row: a share of the peak or of the bound; the best
  peer beside it, within 3 %%; or the best peer on record, which was measured on
  an AMD EPYC of Zen 5 and is scaled by the ratio of the peaks or streams (on
  other processors the best peer beside it stands in). With -threads 2 it is the
  gain over one thread, against the gain of the peak.
  eig -shapes all and svd -shapes all hold decompositions to shares of the time
  that the best LAPACK takes beside them.

Fair peers
  OpenBLAS and BLIS read their settings from the environment when they load.
  bench therefore starts itself anew with OPENBLAS_CORETYPE=SkylakeX on AVX-512
  (Haswell on AVX2, also when LANES_ISA=avx2), without OPENBLAS_L2_SIZE, with
  the libraries' thread counts set to -threads, and, for one thread, pinned to
  one core. LANES_BENCH_KEEP_ENV=1 keeps your own settings of all these
  variables. A call into C costs a fixed time, printed beside the library's
  name; "*" marks figures of which it is a tenth or more, as for n < 16.
  libxsmm, a static library on most systems, and Eigen, which is headers alone,
  are made into shared objects by cc and g++, once (some 20 s), in the user's
  cache folder; without a compiler they are absent.

Examples
  bench                              the main job, as tables
  bench gemm -sizes 64,512,64x256x784 -elem f32
  bench gemm -shapes all             every row that has a target; also of eig, svd
  bench svd -sizes 48,5000x200       thin decompositions of sizes of your own
  bench level1 -time 500ms           longer, quieter
  bench gemm eig -threads 2
  bench -format go gemm > a.txt      then: benchstat -col /impl a.txt
  bench -json > result.json
  bench gemm -lib /opt/blas/libopenblas.so
  LANES_ISA=avx2 bench gemm          the AVX2 kernels on an AVX-512 machine
  bench plot eig docs/eig.svg        error of every eigenvalue of a graded matrix
  bench plot svd docs/svd.svg        the same of singular values
  bench tune -h                      candidate kernels and blocks, ranked

Exit status: 0, or 1 when a result was wrong, or 2 for a bad command line.
`

// parseOptions reads the command line; flags may stand before and after the
// groups. Help goes to out, with flag.ErrHelp.
func parseOptions(args []string, out io.Writer) (options, error) {
	opts := options{elems: []string{"f32", "f64"}}
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&opts.format, "format", "table", "`form` of the report: table, go (benchmark lines that benchstat reads) or json")
	asJSON := fs.Bool("json", false, "the same as -format json")
	fs.IntVar(&opts.threads, "threads", 1, "`number` of threads of every implementation")
	fs.DurationVar(&opts.time, "time", 10*time.Millisecond, "`duration` given to each implementation in each cell")
	elem := fs.String("elem", "", "`type` of the elements: f32 or f64; both when left out")
	sizes := fs.String("sizes", "", "`list` of sizes, separated by commas: n or mxnxk (C is m×n) for gemm, n for eig, n or mxn for svd")
	shapes := fs.String("shapes", "", "`set` of rows of gemm, eig and svd: all, each beside what it is to reach")
	fs.Func("lib", "`file` of one more BLAS library to load; may be repeated (also "+librariesVar+")", func(path string) error {
		opts.libraries = append(opts.libraries, path)
		return nil
	})
	names, err := parseInterspersed(fs, args)
	if err == flag.ErrHelp {
		fmt.Fprintf(out, usage, describeGroups(), describeFlags(fs))
	}
	if err != nil {
		return opts, err
	}
	switch *shapes {
	case "":
	case "all":
		opts.reach = true
	default:
		return opts, fmt.Errorf("-shapes %q: want all", *shapes)
	}
	if *asJSON {
		opts.format = "json"
	}
	if *elem != "" {
		opts.elems = []string{*elem}
	}
	opts.libraries = append(opts.libraries, filepath.SplitList(os.Getenv(librariesVar))...)
	if opts.groups, err = chooseGroups(names); err != nil {
		return opts, err
	}
	if opts.sizes, err = parseSizes(*sizes); err != nil {
		return opts, err
	}
	if err := opts.checkSizes(len(names) > 0); err != nil {
		return opts, err
	}
	return opts, opts.check()
}

func parseInterspersed(fs *flag.FlagSet, args []string) (names []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		if fs.NArg() == 0 {
			return names, nil
		}
		names, args = append(names, fs.Arg(0)), fs.Args()[1:]
	}
}

func (o options) check() error {
	switch o.format {
	case "table", "go", "json":
	default:
		return fmt.Errorf("-format %q: want table, go or json", o.format)
	}
	if e := o.elems[0]; e != "f32" && e != "f64" {
		return fmt.Errorf("-elem %q: want f32 or f64", e)
	}
	if cores := runtime.NumCPU(); os.Getenv(relaunchedVar) == "" && (o.threads < 1 || o.threads > cores) {
		return fmt.Errorf("-threads %d: want 1 to %d, the cores of this machine", o.threads, cores)
	}
	if o.time <= 0 {
		return fmt.Errorf("-time %v: want more than 0", o.time)
	}
	return nil
}

func describeFlags(fs *flag.FlagSet) string {
	var b strings.Builder
	fs.SetOutput(&b)
	fs.PrintDefaults()
	return b.String()
}
