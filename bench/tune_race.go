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

// share asks for one sample: the share of the peak that a product reaches.
func (w *worker) share(elem string, s shape, sample time.Duration) (float64, error) {
	if _, err := fmt.Fprintln(w.ask, elem, s.m, s.n, s.k, sample.Microseconds()); err != nil {
		return 0, err
	}
	if !w.answers.Scan() {
		return 0, fmt.Errorf("a worker ended early on %s: %w", s, io.ErrUnexpectedEOF)
	}
	return parseShare(w.answers.Text(), s)
}

// parseShare reads a worker's answer, nanoseconds and flops per nanosecond.
func parseShare(answer string, s shape) (float64, error) {
	var nanoseconds, peak float64
	if _, err := fmt.Sscan(answer, &nanoseconds, &peak); err != nil {
		return 0, fmt.Errorf("worker's answer %q: %w", answer, err)
	}
	if !(nanoseconds > 0 && peak > 0) {
		return 0, fmt.Errorf("worker's answer %q: not positive", answer)
	}
	return s.flops() / nanoseconds / peak, nil
}

// tuneRounds is the number of samples of every candidate on every shape.
const tuneRounds = 5

// raceWorkers takes samples of every shape from the workers in turn.
func raceWorkers(workers []*worker, elem string, classes []shapeClass, sample time.Duration, say func(shape)) ([]shares, error) {
	samples := make([]shares, len(workers))
	for i := range samples {
		samples[i] = shares{}
	}
	for _, class := range classes {
		for _, s := range class.shapes {
			say(s)
			for range tuneRounds {
				for i, w := range workers {
					share, err := w.share(elem, s, sample)
					if err != nil {
						return nil, err
					}
					samples[i][s] = append(samples[i][s], share)
				}
			}
		}
	}
	return samples, nil
}
