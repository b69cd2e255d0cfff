package pca

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// runEntries is what a run of rows holds at least, unless a row does: short rows are
// worked on several at a time, so that kernels find something to do.
const runEntries = 256

// deviations finds scale·x − mean for runs of rows of a sample of d columns.
type deviations[T mat.Float] struct {
	rows  int       // of a run, but the last: a power of two
	minus []float64 // −mean, rows times
	away  []float64 // room for the deviations of a run
	whole []T       // room for its rows, where they are apart
}

func (w *deviations[T]) reset(d int) {
	w.rows = 1
	for w.rows*d < runEntries {
		w.rows *= 2
	}
	w.minus = grow(w.minus, w.rows*d)
}

// from sets the mean.
func (w *deviations[T]) from(mean []float64) {
	for j, m := range mean {
		w.minus[j] = -m
	}
	for done := len(mean); done < len(w.minus); done *= 2 {
		copy(w.minus[done:], w.minus[:done])
	}
}

// run returns the number of rows of x that belong to a run from first on, ending at
// last at the latest, and their entries, one row after the other.
func (w *deviations[T]) run(x *mat.Dense[T], first, last int) (rows int, entries []T) {
	rows = min(w.rows, last-first)
	if x.Stride == x.Cols || rows == 1 {
		return rows, x.Data[first*x.Stride:][:rows*x.Cols]
	}
	w.whole = grow(w.whole, rows*x.Cols)
	for i := range rows {
		copy(w.whole[i*x.Cols:], x.Row(first+i))
	}
	return rows, w.whole
}

// of returns scale·entries − mean, which stay until the next call.
func (w *deviations[T]) of(entries []T, scale float64) []float64 {
	w.away = grow(w.away, len(entries))
	kernels.Waxpy(scale, entries, w.minus[:len(entries)], w.away)
	return w.away
}

// centre writes scale·x − mean, from row at of x on, to dst, whose rows follow one
// another.
func (w *deviations[T]) centre(dst, x *mat.Dense[T], at int, scale float64) {
	for i := 0; i < dst.Rows; {
		rows, entries := w.run(x, at+i, at+dst.Rows)
		n := len(entries)
		switch to := any(dst.Data[i*dst.Cols:][:n]).(type) {
		case []float64:
			kernels.Waxpy(scale, entries, w.minus[:n], to)
		case []float32:
			kernels.Round(to, w.of(entries, scale))
		}
		i += rows
	}
}

// means finds the column means of scale·x and corrects them by the means of the
// deviations from them, whose sums round less (Chan, Golub and LeVeque 1983).
func (w *deviations[T]) means(mean, sum []float64, x *mat.Dense[T], scale float64) {
	d := x.Cols
	clear(mean)
	for range 2 {
		w.from(mean)
		clear(sum)
		for i := 0; i < x.Rows; {
			rows, entries := w.run(x, i, x.Rows)
			kernels.Axpy(1, w.of(entries, scale), sum[:len(entries)])
			i += rows
		}
		for half := len(sum) / 2; half >= d; half /= 2 {
			kernels.Axpy(1, sum[half:2*half], sum[:half])
		}
		for j, s := range sum[:d] {
			mean[j] += s / float64(x.Rows)
		}
	}
	w.from(mean)
}

// largestMagnitude is also where the sample proves finite.
func largestMagnitude[T mat.Float](x *mat.Dense[T]) (float64, error) {
	rows, d := 1, x.Cols // at a time
	if x.Stride == d {
		rows = x.Rows
	}
	var largest float64
	for i := 0; i < x.Rows; i += rows {
		entries := x.Data[i*x.Stride:][:rows*d]
		at := kernels.Iamax(entries)
		a := math.Abs(float64(entries[at]))
		if !(a <= math.MaxFloat64) {
			return 0, fmt.Errorf("pca: %v in row %d, column %d: %w", entries[at], i+at/d, at%d, mat.ErrNotFinite)
		}
		largest = max(largest, a)
	}
	return largest, nil
}
