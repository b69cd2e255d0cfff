package mat_test

import (
	"math/rand/v2"
	"testing"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// FuzzGemm draws a product from the fuzzer's numbers, shapes up to 160 with a
// bias to small ones, and compares with the oracle, behind unreadable pages.
func FuzzGemm(f *testing.F) {
	f.Add(uint16(0), uint16(0), uint16(0), uint16(0), uint64(1))
	f.Add(uint16(9), uint16(25), uint16(4), uint16(77), uint64(2))
	f.Add(uint16(64), uint16(48), uint16(100), uint16(1234), uint64(3))
	f.Add(uint16(17), uint16(159), uint16(33), uint16(999), uint64(4))
	f.Fuzz(func(t *testing.T, m, n, k, choice uint16, seed uint64) {
		p := product{m: int(m % 161), n: int(n % 161), k: int(k % 161)}.vary(int(choice))
		fuzzGemm[float32](t, p, seed)
		fuzzGemm[float64](t, p, seed)
	})
}

func fuzzGemm[T mat.Float](t *testing.T, p product, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0))
	ar := newArena[T](t, 166*160)
	a, b, c := ar.operands(p, seed%2 == 0)
	if p.alpha != 0 {
		fillNormal(rng, a)
		fillNormal(rng, b)
	}
	if p.beta != 0 {
		fillNormal(rng, c)
	}
	want := oracle.Gemm(p.m, p.n, p.k, T(p.alpha), entry(p.tA, a), entry(p.tB, b), T(p.beta), entry(mat.NoTrans, c))
	w := mat.Workspace[T]{Threads: 1 + int(seed%3)}
	w.Gemm(p.tA, p.tB, T(p.alpha), a, b, T(p.beta), c)
	requireWithin(t, want, oracle.Gamma[T](p.k+2), c, p.String())
	requireGaps(t, c, p)
	ar.check(t)
}

// FuzzGemv is the same for Gemv, with long vectors.
func FuzzGemv(f *testing.F) {
	f.Add(uint16(1), uint16(300), uint16(0), uint64(1))
	f.Add(uint16(300), uint16(1), uint16(33), uint64(2))
	f.Add(uint16(19), uint16(71), uint16(500), uint64(3))
	f.Fuzz(func(t *testing.T, m, k, choice uint16, seed uint64) {
		p := product{m: int(m % 400), n: 1, k: int(k % 400)}.vary(int(choice))
		p.tB = mat.NoTrans
		fuzzGemv[float32](t, p, seed)
		fuzzGemv[float64](t, p, seed)
	})
}

func fuzzGemv[T mat.Float](t *testing.T, p product, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0))
	ar := newArena[T](t, 405*400)
	a, _, _ := ar.operands(p, seed%2 == 0)
	x, y := place(ar.b, p.k, 1, 0, seed%4 < 2), place(ar.c, p.m, 1, 0, seed%2 == 1)
	if p.alpha != 0 {
		fillNormal(rng, a)
		fillNormal(rng, x)
	}
	if p.beta != 0 {
		fillNormal(rng, y)
	}
	want := oracle.Gemm(p.m, 1, p.k, T(p.alpha), entry(p.tA, a), entry(mat.NoTrans, x), T(p.beta), entry(mat.NoTrans, y))
	mat.Gemv(p.tA, T(p.alpha), a, x.Data, T(p.beta), y.Data)
	requireWithin(t, want, oracle.Gamma[T](p.k+2), y, p.String())
	ar.check(t)
}
