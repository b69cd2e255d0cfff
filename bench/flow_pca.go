package main

import (
	"fmt"
	"math"
	"time"

	"github.com/lanes-go/lanes/internal/dataset"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/pca"
)

// pcaJob fits k components to a sample and projects the sample on them.
type pcaJob[T mat.Float] struct {
	run        func() error
	variances  func() []T           // the k largest, descending, after run
	components func() *mat.Dense[T] // k × d
}

const (
	irisComponents  = 2
	digitComponents = 50
)

func irisCell[T mat.Float](s *session) (cell, error) {
	x, _, _ := dataset.Iris[T]()
	return pcaCell(s, "irises", x, irisComponents)
}

func digitsPCACell[T mat.Float](s *session) (cell, error) {
	train, _ := dataset.Digits[T]()
	return pcaCell(s, "digits", train.X.Clone(), digitComponents)
}

func pcaCell[T mat.Float](s *session, what string, x *mat.Dense[T], k int) (cell, error) {
	jobs := pcaJobs(s, x, k)
	want, err := referenceVariances(s, x, k)
	if err != nil {
		return cell{}, err
	}
	var contenders []contender
	for _, p := range s.peers {
		if job := jobs[p.Name]; job != nil {
			contenders = append(contenders, decomposition(p.Name, job.run, func() (float64, error) {
				return checkPCA(x, want, job.variances(), job.components())
			}))
		}
	}
	c := s.contestFor(flowTime*s.time, cell{
		Op: "pca", Elem: elemOf[T](), Size: fmt.Sprintf("%s %dx%d, %d components", what, x.Rows, x.Cols, k),
	}, contenders)
	var kept, total float64
	for _, v := range want {
		kept += v
	}
	for _, column := range centredColumns(x) {
		total += squaredNorm(column) / float64(x.Rows-1)
	}
	c.Notes = []string{fmt.Sprintf("%d components hold %.1f %% of the variance", k, 100*kept/total)}
	return c, nil
}

// pcaJobs returns the job of each peer that has one, by name.
func pcaJobs[T mat.Float](s *session, x *mat.Dense[T], k int) map[string]*pcaJob[T] {
	jobs := map[string]*pcaJob[T]{"lanes": lanesPCA(x, k, s.threads)}
	if x64, ok := any(x).(*mat.Dense[float64]); ok {
		jobs["gonum"] = any(gonumPCA(x64, k)).(*pcaJob[T])
	}
	for _, p := range libraries(s.peers) {
		ops := of[T](p)
		if ops.gram != nil && ops.symmetric != nil {
			jobs[p.Name] = libraryPCA(ops, x, k)
		}
	}
	return jobs
}

// lanesPCA asks for the covariance matrix, which is what the others take too.
func lanesPCA[T mat.Float](x *mat.Dense[T], k, threads int) *pcaJob[T] {
	p := pca.New[T](pca.Options{Components: k, Solver: pca.Covariance, Threads: threads})
	return &pcaJob[T]{
		run: func() error {
			if err := p.Fit(x); err != nil {
				return err
			}
			_, err := p.Transform(x)
			return err
		},
		variances:  p.ExplainedVariance,
		components: p.Components,
	}
}

// libraryPCA composes the same from a C library, whose faster way to the k largest
// eigenvalues it takes: all by syevd, or those alone by syevr.
func libraryPCA[T mat.Float](ops operations[T], x *mat.Dense[T], k int) *pcaJob[T] {
	cov := mat.NewDense[T](x.Cols, x.Cols, nil)
	job := composedPCA(ops, x, k, cov, ops.symmetric(cov))
	if ops.leading != nil && k < x.Cols {
		if some := composedPCA(ops, x, k, cov, ops.leading(cov, k)); faster(some.run, job.run) {
			return some
		}
	}
	return job
}

// composedPCA centres, forms XᵀX in cov, has eigen decompose it, and projects on the
// vectors of the k largest values.
func composedPCA[T mat.Float](ops operations[T], x *mat.Dense[T], k int, cov *mat.Dense[T], eigen *eigenJob[T]) *pcaJob[T] {
	d := x.Cols
	centred := mat.NewDense[T](x.Rows, d, nil)
	largest := len(eigen.values) - 1
	top, scores := mat.NewDense[T](d, k, nil), mat.NewDense[T](x.Rows, k, nil)
	return &pcaJob[T]{
		run: func() error {
			centre(centred, x)
			ops.gram(1/T(x.Rows-1), centred, cov)
			if err := eigen.run(); err != nil {
				return err
			}
			vectors := eigen.vectors()
			for i := range d {
				for j := range k {
					top.Set(i, j, vectors.At(i, largest-j))
				}
			}
			ops.gemm(mat.NoTrans, mat.NoTrans, centred, top, scores)
			return nil
		},
		variances: func() []T {
			variances := make([]T, k)
			for j := range variances {
				variances[j] = eigen.values[largest-j]
			}
			return variances
		},
		components: func() *mat.Dense[T] { return transpose(top) },
	}
}

// faster reports whether the first of two jobs succeeds in less time than the
// second, each at its best of three.
func faster(first, second func() error) bool {
	best := [2]time.Duration{math.MaxInt64, math.MaxInt64}
	for range 3 {
		for i, run := range []func() error{first, second} {
			start := time.Now()
			if run() == nil {
				best[i] = min(best[i], time.Since(start))
			}
		}
	}
	return best[0] < best[1]
}

// centre subtracts the means of columns, by lanes' kernels: libraries have none.
func centre[T mat.Float](dst, x *mat.Dense[T]) {
	mean := make([]T, x.Cols)
	for i := range x.Rows {
		add(1, x.Row(i), mean)
	}
	kernels.Scal(1/T(x.Rows), mean)
	for i := range x.Rows {
		copy(dst.Row(i), x.Row(i))
		add(-1, mean, dst.Row(i))
	}
}

// add is y += alpha·x, without a call where it would last longer than the work.
func add[T mat.Float](alpha T, x, y []T) {
	if len(x) > 32 {
		kernels.Axpy(alpha, x, y)
		return
	}
	for i, v := range x {
		y[i] += alpha * v
	}
}

// referenceVariances returns the k largest in float64, by gonum or the first
// library with LAPACK.
func referenceVariances[T mat.Float](s *session, x *mat.Dense[T], k int) ([]float64, error) {
	wide := widen(x)
	job := gonumPCA(wide, k)
	for _, p := range libraries(s.peers) {
		if ops := of[float64](p); ops.gram != nil && ops.symmetric != nil {
			job = libraryPCA(ops, wide, k)
		}
	}
	if err := job.run(); err != nil {
		return nil, err
	}
	return job.variances(), nil
}

// checkPCA compares the variances with the reference, and verifies that the
// components are orthonormal and that the data vary so much along them.
func checkPCA[T mat.Float](x *mat.Dense[T], want []float64, variances []T, components *mat.Dense[T]) (float64, error) {
	eps := lapackThreshold * float64(max(x.Rows, x.Cols)) * ulp[T]()
	var d deviation
	rows := columns(transpose(components))
	d.addOrthogonality(rows, eps)
	centred := centredColumns(x)
	for j, v := range variances {
		d.add(math.Abs(float64(v)-want[j]), eps*want[0], "variance %d", j)
	}
	for _, j := range sample(len(rows), sampledVectors) {
		along := make([]float64, x.Rows)
		for p, column := range centred {
			for i, c := range column {
				along[i] += rows[j][p] * c
			}
		}
		d.add(math.Abs(squaredNorm(along)/float64(x.Rows-1)-want[j]), eps*want[0], "the variance along component %d", j)
	}
	return d.verdict()
}

func centredColumns[T mat.Float](x *mat.Dense[T]) [][]float64 {
	list := columns(x)
	for _, column := range list {
		mean := 0.0
		for _, v := range column {
			mean += v / float64(x.Rows)
		}
		for i := range column {
			column[i] -= mean
		}
	}
	return list
}
