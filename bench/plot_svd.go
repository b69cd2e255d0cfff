package main

import (
	"fmt"
	"math"
)

// plotSVD draws the relative error of every singular value of a matrix of order
// 100 whose columns are graded over 16 decades: lanes, gonum, and the gesdd and
// gesvj of every LAPACK found.
func plotSVD() (plot, error) {
	const n = 100
	a := gradings[1].matrix(n)
	right, err := gradedSingularValues(a)
	if err != nil {
		return plot{}, err
	}
	f := plot{
		title:  fmt.Sprintf("B·D, %d × %d, singular values over 16 decades, scales in random order", n, n),
		xLabel: "singular value, the largest first", yLabel: "relative error", floor: 1e-17, top: 10,
	}
	add := func(name string, job *svdJob[float64]) error {
		if err := job.run(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s := series{name: name, color: palette[len(f.series)%len(palette)]}
		for i, x := range job.values {
			s.y = append(s.y, math.Abs(x-right[i])/right[i])
		}
		f.series = append(f.series, s)
		return nil
	}
	peers, _ := findPeers(options{threads: 1})
	for _, p := range peers {
		if p.f64.thin == nil {
			continue
		}
		name := p.Name
		if name != "lanes" && name != "gonum" {
			name += " dgesdd"
		}
		if err := add(name, p.f64.thin(a)); err != nil {
			return plot{}, err
		}
		for _, method := range p.f64.methods {
			if method.name == "gesvj" {
				if err := add(p.Name+" dgesvj", method.thin(a)); err != nil {
					return plot{}, err
				}
			}
		}
	}
	return f, nil
}
