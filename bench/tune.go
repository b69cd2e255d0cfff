package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/lanes-go/lanes/asm"
	"github.com/lanes-go/lanes/kernels"
)

const tuneUsage = `Usage: bench tune [flags]

Times candidate kernels of the matrix product on this machine and prints, for
each class of shapes, which is best: the geometric mean of the percentages of
the FMA peak. Register tiles come first (rows × vectors), then cache blocks
around the table's with the best tile. Candidates are generated and built in a
temporary folder, which is removed; nothing in the repository changes. What
wins by more than the noise belongs into Specs in gen/spec.go.

Candidates take turns on one core, sample by sample, and each measures the peak
beside its sample for as long; the best sample of a shape counts, as a share of
the best peak. All of it takes some minutes on two cores.
Kernels fit MC to the L2 cache, within a factor of two of the table's value;
the candidates of MC are therefore a quarter and four times of it.

Flags:
%s`

// tuneOptions is the command line of "bench tune".
type tuneOptions struct {
	sample time.Duration // least duration of one
	elems  []string
	isas   []string
}

func parseTune(args []string, out io.Writer) (tuneOptions, error) {
	opts := tuneOptions{elems: []string{"f64", "f32"}, isas: tunable(kernels.ISA())}
	fs := flag.NewFlagSet("bench tune", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.DurationVar(&opts.sample, "time", 3*time.Millisecond, "least `duration` of a sample")
	elem := fs.String("elem", "", "`type` of the elements: f32 or f64; both when left out")
	isa := fs.String("isa", "", "instruction `set`: avx512 or avx2; all of this machine when left out")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintf(out, tuneUsage, describeFlags(fs))
		}
		return opts, err
	}
	if fs.NArg() > 0 {
		return opts, fmt.Errorf("unknown argument %q", fs.Arg(0))
	}
	if opts.sample <= 0 {
		return opts, fmt.Errorf("-time %v is not positive", opts.sample)
	}
	var err error
	if opts.elems, err = only(*elem, opts.elems); err != nil {
		return opts, fmt.Errorf("-elem %w", err)
	}
	if opts.isas, err = only(*isa, opts.isas); err != nil {
		return opts, fmt.Errorf("-isa %w", err)
	}
	if len(opts.isas) == 0 {
		return opts, fmt.Errorf("no candidates for the instruction set %s", kernels.ISA())
	}
	return opts, nil
}

// only narrows a list to the one that was asked for, if any was.
func only(name string, list []string) ([]string, error) {
	switch {
	case name == "":
		return list, nil
	case slices.Contains(list, name):
		return []string{name}, nil
	}
	return nil, fmt.Errorf("%s is none of %v", name, list)
}

// tunable lists the instruction sets with candidates, given the best one.
func tunable(best string) []string {
	switch best {
	case "avx512":
		return []string{"avx512", "avx2"}
	case "avx2":
		return []string{"avx2"}
	}
	return nil
}

// tuneMain runs "bench tune".
func tuneMain(args []string, out io.Writer) error {
	opts, err := parseTune(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	root, err := findRoot(here)
	if err != nil {
		return err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	err = tuneIn(ctx, root, &tuner{tuneOptions: opts, out: out, progress: newProgress(os.Stderr)})
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return err
}

func tuneIn(ctx context.Context, root string, t *tuner) (err error) {
	defer t.progress.clear()
	t.progress.show("kernels (building their generator)")
	if t.workshop, err = openWorkshop(ctx, root); err != nil {
		return err
	}
	defer t.workshop.close()
	return t.run()
}

// tuner runs the races of "bench tune".
type tuner struct {
	tuneOptions
	workshop *workshop
	progress *progress
	out      io.Writer
}

func (t *tuner) run() error {
	for _, isa := range t.isas {
		var table []asm.Kernel
		for _, elem := range t.elems {
			k, err := tableKernel(isa, elem)
			if err != nil {
				return err
			}
			table = append(table, k)
		}
		if err := t.tune(table); err != nil {
			return err
		}
	}
	return nil
}

// tune ranks the tiles of an instruction set, then blocks with the best.
func (t *tuner) tune(table []asm.Kernel) error {
	list := tileCandidates(table)
	programs, err := t.build(list)
	if err != nil {
		return err
	}
	var best []tile
	for _, k := range table {
		winner, err := t.race(k, fmt.Sprintf("tiles (the table's is %s)", tileOf(k)), list, programs, shapeClasses)
		if err != nil {
			return err
		}
		best = append(best, list[winner].tile)
	}
	list = blockCandidates(table, best)
	if programs, err = t.build(list); err != nil {
		return err
	}
	for i, k := range table {
		title := fmt.Sprintf("blocks of %s (the table's are MC=%d KC=%d NC=%d)", best[i], k.MC, k.KC, k.NC)
		if _, err := t.race(k, title, list, programs, blockedClasses); err != nil {
			return err
		}
	}
	return nil
}

func (t *tuner) build(list []candidate) (programs []string, err error) {
	for _, c := range list {
		t.progress.show(c.name, "(building)")
		program, err := t.workshop.build(c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		programs = append(programs, program)
	}
	return programs, nil
}

// race times candidates, prints their ranking and returns the best one's place
// in the list.
func (t *tuner) race(k asm.Kernel, title string, list []candidate, programs []string, classes []shapeClass) (int, error) {
	all, err := t.sampleAll(k, programs, classes)
	t.progress.clear()
	if err != nil {
		return 0, err
	}
	var names []string
	for _, c := range list {
		names = append(names, c.name)
	}
	ranking := rank(names, all, classes)
	writeRanking(t.out, fmt.Sprintf("%s %s, %% of peak: %s", k.ISA, k.Elem, title), ranking, classes)
	return slices.Index(names, ranking[allClasses][0].name), nil
}

// sampleAll runs the programs side by side on one core. Their starter's
// thread, which alone is pinned, ends with it.
func (t *tuner) sampleAll(k asm.Kernel, programs []string, classes []shapeClass) (all []samples, err error) {
	var starter sync.WaitGroup
	starter.Go(func() {
		runtime.LockOSThread() // never unlocked: the thread ends here
		pin()
		all, err = t.sampleHere(k, programs, classes)
	})
	starter.Wait()
	return all, err
}

func (t *tuner) sampleHere(k asm.Kernel, programs []string, classes []shapeClass) (all []samples, err error) {
	var workers []*worker
	defer func() {
		for _, w := range workers {
			err = errors.Join(err, w.stop())
		}
	}()
	for _, program := range programs {
		w, err := startWorker(t.workshop.ctx, program, k.ISA.String())
		if err != nil {
			return nil, err
		}
		workers = append(workers, w)
	}
	return raceWorkers(workers, k.Elem, classes, t.sample, func(round int, s shape) {
		t.progress.show(k.ISA.String(), k.Elem, fmt.Sprintf("round %d of %d, %s", round+1, tuneRounds, s))
	})
}
