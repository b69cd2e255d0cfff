package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// worker is the process that times one candidate.
type worker struct {
	cmd     *exec.Cmd
	ask     io.WriteCloser
	answers *bufio.Scanner
}

// startWorker starts a worker held to isa, on the core of this thread.
func startWorker(ctx context.Context, program, isa string) (*worker, error) {
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(os.Environ(), "LANES_ISA="+isa, "GOMAXPROCS=1")
	cmd.Stderr = os.Stderr
	ask, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	answers, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &worker{cmd, ask, bufio.NewScanner(answers)}, cmd.Start()
}

// stop ends a worker, which does so when its questions end.
func (w *worker) stop() error {
	w.ask.Close()
	return w.cmd.Wait()
}

// tuneSample is one measurement: of a product and of the peak right after it, both
// in flops per nanosecond.
type tuneSample struct{ rate, peak float64 }

// measure asks for one sample of a product.
func (w *worker) measure(elem string, s shape, duration time.Duration) (tuneSample, error) {
	if _, err := fmt.Fprintln(w.ask, elem, s.m, s.n, s.k, duration.Microseconds()); err != nil {
		return tuneSample{}, err
	}
	if !w.answers.Scan() {
		return tuneSample{}, fmt.Errorf("a worker ended early on %s: %w", s, io.ErrUnexpectedEOF)
	}
	return parseSample(w.answers.Text(), s)
}

// parseSample reads a worker's answer, nanoseconds and flops per nanosecond.
func parseSample(answer string, s shape) (tuneSample, error) {
	var nanoseconds, peak float64
	if _, err := fmt.Sscan(answer, &nanoseconds, &peak); err != nil {
		return tuneSample{}, fmt.Errorf("worker's answer %q: %w", answer, err)
	}
	if !(nanoseconds > 0 && peak > 0) {
		return tuneSample{}, fmt.Errorf("worker's answer %q: not positive", answer)
	}
	return tuneSample{s.flops() / nanoseconds, peak}, nil
}

// tuneRounds is the number of samples of every candidate on every shape.
const tuneRounds = 10

// raceWorkers takes samples of every shape from the workers in turn, round by
// round: a slow time of the machine then spoils one sample of each and not all of
// one shape.
func raceWorkers(workers []*worker, elem string, classes []shapeClass, duration time.Duration, say func(round int, s shape)) ([]samples, error) {
	all := make([]samples, len(workers))
	for i := range all {
		all[i] = samples{}
	}
	for round := range tuneRounds {
		for _, class := range classes {
			for _, s := range class.shapes {
				say(round, s)
				for i, w := range workers {
					one, err := w.measure(elem, s, duration)
					if err != nil {
						return nil, err
					}
					all[i][s] = append(all[i][s], one)
				}
			}
		}
	}
	return all, nil
}
