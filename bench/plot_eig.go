package main

import (
	"fmt"
	"math"
)

// plotEigen draws the relative error of every eigenvalue of a graded definite
// matrix of order 100: lanes with Options.Accurate, gonum, and the syevd of
// every LAPACK found.
func plotEigen() (plot, error) {
	const n = 100
	a := gradedMatrix[float64](n, gradedDecades[float64]())
	right, err := gradedValues(a)
	if err != nil {
		return plot{}, err
	}
	f := plot{
		title:  fmt.Sprintf("D·B·D, positive definite, %d × %d, eigenvalues over 16 decades, scales in random order", n, n),
		xLabel: "eigenvalue, the smallest first", yLabel: "relative error", floor: 1e-17, top: 10,
	}
	peers, _ := findPeers(options{threads: 1})
	for _, p := range peers {
		job := eigenJobOf(p, accurate, a)
		if job == nil {
			continue
		}
		if err := job.run(); err != nil {
			return plot{}, fmt.Errorf("%s: %w", p.Name, err)
		}
		s := series{name: methodOf(p.Name), color: palette[len(f.series)%len(palette)]}
		for i, x := range job.values {
			s.y = append(s.y, math.Abs(x-right[i])/right[i])
		}
		f.series = append(f.series, s)
	}
	return f, nil
}

// methodOf names what a peer does on a graded matrix.
func methodOf(peer string) string {
	switch peer {
	case "lanes":
		return "lanes, Accurate"
	case "gonum":
		return "gonum"
	}
	return peer + " dsyevd"
}
