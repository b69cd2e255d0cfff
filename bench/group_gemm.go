package main

import "github.com/lanes-go/lanes/mat"

// ladder holds the default shapes of gemm: powers of two, their awkward
// neighbours, and the shapes of network layers.
var ladder = []shape{
	square(4), square(8), square(16), square(31), square(32), square(64), square(65),
	square(100), square(128), square(256), square(512), square(1000), square(1024), square(2048),
	{64, 256, 784}, {1024, 64, 1024}, {1, 4096, 1024},
}

func measureGemm(s *session) ([]cell, error) {
	if s.reach {
		return both(s, reachCells[float32], reachCells[float64])
	}
	return both(s, gemmCells[float32], gemmCells[float64])
}

func gemmCells[T mat.Float](s *session) ([]cell, error) {
	shapes := ladder
	if s.sizes != nil {
		shapes = s.productsAsked()
	}
	var cells []cell
	for _, sh := range shapes {
		c, err := gemmCell[T](s, sh, mat.NoTrans, mat.NoTrans)
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	return cells, nil
}

// product is a product to be timed, its operands and its reference.
type product[T mat.Float] struct {
	shape
	tA, tB  mat.Transpose
	a, b, c *mat.Dense[T]
	want    *reference[T]
}

func gemmCell[T mat.Float](s *session, sh shape, tA, tB mat.Transpose, gauges ...gauge) (cell, error) {
	p, err := newProduct[T](s, sh, tA, tB)
	if err != nil {
		return cell{}, err
	}
	size := sh.String()
	if tA == mat.Trans || tB == mat.Trans {
		size += "," + orientation(tA) + orientation(tB)
	}
	written := float64(sh.m * sh.n * bytesOf[T]())
	moved := float64((sh.m*sh.k+sh.k*sh.n)*bytesOf[T]()) + written
	return s.contestFor(sh.budget(s.time), cell{
		Op: "gemm", Elem: elemOf[T](), Size: size,
		Flops: sh.flops(), Bytes: moved, Written: written, Held: moved,
		over: operands[T]{p.a.Data, p.b.Data, p.c.Data},
	}, p.contenders(s), gauges...), nil
}

func orientation(t mat.Transpose) string {
	if t == mat.Trans {
		return "T"
	}
	return "N"
}

func newProduct[T mat.Float](s *session, sh shape, tA, tB mat.Transpose) (*product[T], error) {
	a, b := random[T](sh.m, sh.k, 1), random[T](sh.k, sh.n, 2)
	s.progress.show("gemm", elemOf[T](), sh.String(), "(reference)")
	want, err := newReference(a, b, trustedGemm[T](s.peers))
	if err != nil {
		return nil, err
	}
	if tA == mat.Trans {
		a = transpose(a)
	}
	if tB == mat.Trans {
		b = transpose(b)
	}
	return &product[T]{sh, tA, tB, a, b, mat.NewDense[T](sh.m, sh.n, nil), want}, nil
}

// gonumLimit is the number of flops up to which gonum takes part: beyond, it
// needs seconds to be no peer.
const gonumLimit = 2e10

func (p *product[T]) contenders(s *session) (list []contender) {
	for _, peer := range productPeers[T](s.peers, p.tA, p.tB, p.shape) {
		if peer.Name == "gonum" && p.flops() > gonumLimit {
			continue
		}
		gemm := of[T](peer).gemm
		list = append(list, contender{
			impl:    peer.Name,
			prepare: func() { spoil(p.c.Data) },
			run:     func() { gemm(p.tA, p.tB, p.a, p.b, p.c) },
			check:   func() (float64, error) { return p.want.check(p.c) },
		})
	}
	return list
}

// trustedGemm is the product that computes large references: that of the first
// C library made for all of them, or of gonum.
func trustedGemm[T mat.Float](peers []peer) func(a, b, c *mat.Dense[T]) {
	trusted := of[T](peers[1]).gemm
	for _, p := range libraries(peers) {
		if ops := of[T](p); ops.gemm != nil && ops.takes == nil {
			trusted = ops.gemm
			break
		}
	}
	return func(a, b, c *mat.Dense[T]) { trusted(mat.NoTrans, mat.NoTrans, a, b, c) }
}
