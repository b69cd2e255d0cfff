// Command bench measures lanes side by side with gonum and with every C BLAS
// that it finds at run time, in one process and without cgo. "bench -h" says
// what it measures and how.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
)

const (
	exitFailure = 1 // a result was wrong, or an input could not be read
	exitUsage   = 2
)

func main() {
	if len(os.Args) > 1 && (os.Args[1] == "plot" || os.Args[1] == "tune") {
		if err := tool(os.Args[1], os.Args[2:]); err != nil {
			fmt.Fprintf(os.Stderr, "bench: %v\n", err)
			os.Exit(exitFailure)
		}
		return
	}
	opts, err := parseOptions(os.Args[1:], os.Stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		fmt.Fprintf(os.Stderr, "bench: %v\nRun 'bench -h' for help.\n", err)
		os.Exit(exitUsage)
	}
	if err := run(opts, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(exitFailure)
	}
}

// tool runs what is no comparison.
func tool(name string, args []string) error {
	if name == "tune" {
		return tuneMain(args, os.Stdout)
	}
	return plotMain(args)
}

// run measures the chosen groups and reports each as soon as it is finished.
func run(opts options, out io.Writer) error {
	if err := relaunch(opts); err != nil {
		return err
	}
	runtime.LockOSThread()
	if opts.threads == 1 {
		pin() // after Go's monitor has started: on the same core it takes a quarter of a product
	}
	runtime.GOMAXPROCS(opts.threads)

	peers, absent := findPeers(opts)
	s := &session{options: opts, peers: peers, progress: newProgress(os.Stderr)}
	rep := newReporter(opts.format, out)
	rep.begin(describe(opts.threads, peers, absent))
	for _, g := range opts.groups {
		if g.measure == nil {
			continue
		}
		cells, err := g.measure(s)
		s.progress.clear()
		if err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		rep.group(g, cells)
	}
	if err := rep.end(); err != nil {
		return err
	}
	if s.wrong > 0 {
		return fmt.Errorf("%d results are wrong: see the rows marked WRONG", s.wrong)
	}
	return nil
}
