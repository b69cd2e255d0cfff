package main

import (
	"math"

	"github.com/lanes-go/lanes/mat"
)

// scalAlpha keeps x in range and is no factor that a library may skip.
const scalAlpha = -1

func scalCell[T mat.Float](s *session, n int) cell {
	start := random[T](1, n, 1).Data
	x := make([]T, n)
	var contenders []contender
	for _, p := range s.peers {
		scal := of[T](p).scal
		if scal == nil {
			continue
		}
		contenders = append(contenders, contender{
			impl:    p.Name,
			prepare: func() { copy(x, start) },
			run:     func() { scal(scalAlpha, x) },
			check: func() (float64, error) {
				var d deviation
				for i, v := range x {
					d.add(math.Abs(float64(v+start[i])), unitRoundoff[T](), "element %d", i)
				}
				return d.verdict()
			},
		})
	}
	return s.contest(level1Cell("scal", traffic{flops: 1, held: 1, read: 1, written: 1}, x), contenders)
}

// The cosine and sine of a rotation that keeps x and y in range.
const (
	rotCos = 0.6
	rotSin = 0.8
)

func rotCell[T mat.Float](s *session, n int) cell {
	startX, startY := random[T](1, n, 1).Data, random[T](1, n, 2).Data
	x, y := make([]T, n), make([]T, n)
	var contenders []contender
	for _, p := range s.peers {
		rot := of[T](p).rot
		if rot == nil {
			continue
		}
		contenders = append(contenders, contender{
			impl:    p.Name,
			prepare: func() { copy(x, startX); copy(y, startY) },
			run:     func() { rot(x, y, rotCos, rotSin) },
			check:   func() (float64, error) { return checkRot(startX, startY, x, y) },
		})
	}
	return s.contest(level1Cell("rot", traffic{flops: 6, held: 2, read: 2, written: 2}, x, y), contenders)
}

// checkRot allows the roundings of two products, their sum and the constants.
func checkRot[T mat.Float](startX, startY, x, y []T) (float64, error) {
	var d deviation
	c, s := float64(T(rotCos)), float64(T(rotSin))
	for i := range x {
		a, b := float64(startX[i]), float64(startY[i])
		bound := gamma[T](3) * (math.Abs(a) + math.Abs(b))
		d.add(math.Abs(float64(x[i])-(c*a+s*b)), bound, "x[%d]", i)
		d.add(math.Abs(float64(y[i])-(c*b-s*a)), bound, "y[%d]", i)
	}
	return d.verdict()
}

func nrm2Cell[T mat.Float](s *session, n int) cell {
	x := random[T](1, n, 1).Data
	squares, _ := referenceDot(x, x)
	want := math.Sqrt(squares)
	bound := (gamma[T](n+2) + gamma[float64](n)) * want
	var contenders []contender
	for _, p := range s.peers {
		ops := of[T](p)
		if ops.nrm2 == nil {
			continue
		}
		run := func() { ops.nrm2(x) }
		if ops.timeNrm2 != nil {
			run = func() { ops.timeNrm2(x) }
		}
		contenders = append(contenders, contender{impl: p.Name, run: run, check: func() (float64, error) {
			var d deviation
			d.add(math.Abs(float64(ops.nrm2(x))-want), bound, "the norm")
			return d.verdict()
		}})
	}
	return s.contest(level1Cell("nrm2", traffic{flops: 2, held: 1, read: 1}, x), contenders)
}
