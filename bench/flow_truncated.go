package main

import (
	"fmt"
	"math"
	"time"

	"github.com/lanes-go/lanes/internal/dataset"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

const (
	digitsRank = 50
	// truncatedExcess is how far beyond the smallest possible error that of a
	// truncated decomposition may lie.
	truncatedExcess = 0.01
)

// truncatedJob approximates a matrix by one of rank k, U·Σ·Vᵀ.
type truncatedJob[T mat.Float] struct {
	run func() error
	// result returns σ and the factors U and V, whose columns after the k-th
	// do not count.
	result func() (u *mat.Dense[T], sigma []T, v *mat.Dense[T])
}

func truncatedCell[T mat.Float](s *session) (cell, error) {
	_, held := dataset.Digits[T]()
	a := held.X.Clone()
	size := fmt.Sprintf("digits %dx%d, rank %d", a.Rows, a.Cols, digitsRank)
	return lowRankCell(s, a, digitsRank, size, flowTime*s.time)
}

// lowRankCell times the best approximation of a by rank k.
func lowRankCell[T mat.Float](s *session, a *mat.Dense[T], k int, size string, budget time.Duration) (cell, error) {
	norm := frobenius(a)
	smallest, err := smallestError(s, a, k)
	if err != nil {
		return cell{}, err
	}
	smallest /= norm
	achieved := map[string]float64{}
	var contenders []contender
	for _, p := range s.peers {
		job := newTruncated(p, a, k, s.threads)
		if job == nil {
			continue
		}
		contenders = append(contenders, decomposition(p.Name, job.run, func() (float64, error) {
			err := approximationError(a, k, job) / norm
			achieved[p.Name] = err
			var d deviation
			d.add(err-smallest, truncatedExcess*smallest, "the relative error of rank %d", k)
			return d.verdict()
		}))
	}
	c := s.contestFor(budget, cell{Op: "truncated", Elem: elemOf[T](), Size: size}, contenders)
	whole := a.Rows * a.Cols * bytesOf[T]()
	stored := k * (a.Rows + a.Cols + 1) * bytesOf[T]()
	c.Notes = []string{
		"lanes iterates in a random subspace; the others cut off their thin decomposition",
		fmt.Sprintf("rank %d stores %d bytes in place of %d, saves %.1f %%; the smallest relative error possible is %.4f",
			k, stored, whole, 100*(1-float64(stored)/float64(whole)), smallest),
	}
	for _, k := range contenders {
		c.Notes = append(c.Notes, fmt.Sprintf("%s reaches %.4f", k.impl, achieved[k.impl]))
	}
	return c, nil
}

// newTruncated returns lanes' truncated decomposition, a peer's thin one cut
// off, or nil.
func newTruncated[T mat.Float](p peer, a *mat.Dense[T], k, threads int) *truncatedJob[T] {
	if p.Name == "lanes" {
		return lanesTruncated(a, k, threads)
	}
	thin := of[T](p).thin
	if thin == nil {
		return nil
	}
	job := thin(a)
	return &truncatedJob[T]{
		run:    job.run,
		result: func() (u *mat.Dense[T], sigma []T, v *mat.Dense[T]) { return job.u(), job.values, job.v() },
	}
}

func lanesTruncated[T mat.Float](a *mat.Dense[T], k, threads int) *truncatedJob[T] {
	var u, v *mat.Dense[T]
	var sigma []T
	return &truncatedJob[T]{
		run: func() (err error) {
			u, sigma, v, err = svd.Truncated(a, k, svd.TruncatedOptions{Threads: threads})
			return err
		},
		result: func() (*mat.Dense[T], []T, *mat.Dense[T]) { return u, sigma, v },
	}
}

// approximationError returns ‖A - U·Σ·Vᵀ‖, of the first columns, by plain
// loops.
func approximationError[T mat.Float](a *mat.Dense[T], rank int, job *truncatedJob[T]) float64 {
	u, sigma, v := job.result()
	total := 0.0
	for i := range a.Rows {
		for j, x := range a.Row(i) {
			sum := float64(x)
			for k := range rank {
				sum -= float64(u.Data[i*u.Stride+k]) * float64(sigma[k]) * float64(v.Data[j*v.Stride+k])
			}
			total += sum * sum
		}
	}
	return math.Sqrt(total)
}

// smallestError returns the error of the best approximation of that rank, the
// root of the sum of the squares of the other singular values (Eckart and
// Young), by the last peer but lanes that has them in float64.
func smallestError[T mat.Float](s *session, a *mat.Dense[T], k int) (float64, error) {
	var job *svdJob[float64]
	for _, p := range s.peers[1:] {
		if thin := of[float64](p).thin; thin != nil {
			job = thin(widen(a))
		}
	}
	if err := job.run(); err != nil {
		return 0, err
	}
	return math.Sqrt(squaredNorm(job.values[k:])), nil
}
