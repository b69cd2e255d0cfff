package main

import "github.com/lanes-go/lanes/mat"

// ladder holds the default shapes of gemm: powers of two, their awkward
// neighbours, and the shapes of network layers.
var ladder = []shape{
	square(4), square(8), square(16), square(31), square(32), square(64), square(65),
	square(100), square(128), square(256), square(512), square(1000), square(1024), square(2048),
	{64, 256, 784}, {1024, 64, 1024}, {1, 4096, 1024},
}

func measureGemm(s *session) ([]cell, error) { return both(s, gemmCells[float32], gemmCells[float64]) }

func gemmCells[T mat.Float](s *session) ([]cell, error) {
	shapes := s.shapes
	if shapes == nil {
		shapes = ladder
	}
	probe := newPeakProbe[T](s.threads)
	var cells []cell
	for _, sh := range shapes {
		c, err := gemmCell[T](s, sh, probe)
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	return cells, nil
}

func gemmCell[T mat.Float](s *session, sh shape, probe *peakProbe) (cell, error) {
	a, b := random[T](sh.m, sh.k, 1), random[T](sh.k, sh.n, 2)
	c := mat.NewDense[T](sh.m, sh.n, nil)
	s.progress.show("gemm", elemOf[T](), sh.String(), "(reference)")
	want, err := newProduct(a, b, trustedGemm[T](s.peers))
	if err != nil {
		return cell{}, err
	}
	var contenders []contender
	for _, p := range s.peers {
		gemm := of[T](p).gemm
		if gemm == nil {
			continue
		}
		contenders = append(contenders, contender{
			impl:    p.Name,
			prepare: func() { spoil(c.Data) },
			run:     func() { gemm(a, b, c) },
			check:   func() (float64, error) { return want.check(c) },
		})
	}
	elements := sh.m*sh.k + sh.k*sh.n + sh.m*sh.n
	return s.contestFor(s.time, cell{
		Op: "gemm", Elem: elemOf[T](), Size: sh.String(),
		Flops: sh.flops(), Bytes: float64(elements * bytesOf[T]()),
	}, contenders, probe), nil
}

// trustedGemm is the product that computes large references: that of the first
// C library, or of gonum.
func trustedGemm[T mat.Float](peers []peer) func(a, b, c *mat.Dense[T]) {
	const firstLibrary = 2 // after lanes and gonum
	if len(peers) > firstLibrary {
		return of[T](peers[firstLibrary]).gemm
	}
	return of[T](peers[1]).gemm
}
