package pca

import (
	"fmt"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Transform returns the coordinates of the rows of x, n × d, along the
// components, n × k: (x − mean)·Componentsᵀ, each column divided by its
// standard deviation with Whiten. NaN and Inf spoil their own row alone. It
// returns an error before Fit and for another number of columns than d. Cost:
// 2ndk flops.
func (p *PCA[T]) Transform(x *mat.Dense[T]) (*mat.Dense[T], error) {
	if err := p.checkColumns("Transform", x, len(p.mean)); err != nil {
		return nil, err
	}
	return p.coordinates(x), nil
}

func (p *PCA[T]) coordinates(x *mat.Dense[T]) *mat.Dense[T] {
	z := mat.NewDense[T](x.Rows, p.components.Rows, nil)
	products := mat.Workspace[T]{Threads: p.opts.Threads}
	centred := mat.NewDense[T](min(blockRows, x.Rows), x.Cols, nil)
	var away deviations[T]
	away.reset(x.Cols)
	away.from(p.mean)
	for at := 0; at < x.Rows; at += blockRows {
		n := min(blockRows, x.Rows-at)
		reshape(centred, n, x.Cols)
		away.centre(centred, x, at, 1)
		products.Gemm(mat.NoTrans, mat.Trans, 1, centred, &p.components, 0, z.View(at, 0, n, z.Cols))
	}
	if p.opts.Whiten {
		p.whiten(z)
	}
	return z
}

func (p *PCA[T]) whiten(z *mat.Dense[T]) {
	for i := range z.Rows {
		row := z.Row(i)
		for j, dev := range p.deviation {
			if dev == 0 {
				row[j] = 0
			} else {
				row[j] /= dev
			}
		}
	}
}

// InverseTransform returns the observations, n × d, whose coordinates along the
// components are the rows of z, n × k, undoing Whiten: z·Components + mean. It
// returns an error before Fit and for another number of columns than k.
func (p *PCA[T]) InverseTransform(z *mat.Dense[T]) (*mat.Dense[T], error) {
	if err := p.checkColumns("InverseTransform", z, p.components.Rows); err != nil {
		return nil, err
	}
	return p.observations(z), nil
}

func (p *PCA[T]) observations(z *mat.Dense[T]) *mat.Dense[T] {
	if p.opts.Whiten {
		z = z.Clone()
		for i := range z.Rows {
			row := z.Row(i)
			for j, dev := range p.deviation {
				row[j] *= dev
			}
		}
	}
	x := mat.NewDense[T](z.Rows, len(p.mean), nil)
	mean := p.Mean()
	for i := range x.Rows {
		copy(x.Row(i), mean)
	}
	products := mat.Workspace[T]{Threads: p.opts.Threads}
	products.Gemm(mat.NoTrans, mat.NoTrans, 1, z, &p.components, 1, x)
	return x
}

// ReconstructionError returns, for each row of x, its distance from what the
// components make of it, ‖x − InverseTransform(Transform(x))‖₂: how little it
// resembles the sample. It returns an error before Fit and for another number
// of columns than d.
func (p *PCA[T]) ReconstructionError(x *mat.Dense[T]) ([]T, error) {
	if err := p.checkColumns("ReconstructionError", x, len(p.mean)); err != nil {
		return nil, err
	}
	back := p.observations(p.coordinates(x))
	dist := make([]T, x.Rows)
	for i := range dist {
		row := back.Row(i)
		kernels.Axpy(-1, x.Row(i), row)
		dist[i] = kernels.Nrm2(row)
	}
	return dist, nil
}

func (p *PCA[T]) checkColumns(op string, x *mat.Dense[T], want int) error {
	x.Check(op, "the matrix")
	if !p.fitted {
		return fmt.Errorf("pca: %s: there was no successful Fit", op)
	}
	if x.Cols != want {
		return fmt.Errorf("pca: %s: %d columns, want %d", op, x.Cols, want)
	}
	return nil
}
