package spectral

import (
	"github.com/lanes-go/lanes/mat"
)

// wyBlock is the number of reflectors that one compact WY block gathers.
const wyBlock = 32

// backTransform multiplies vectors by the Q of a tridiagonal reduction, in
// compact WY blocks (Schreiber and Van Loan 1989; LAPACK larft, larfb):
// H(i)···H(i+k-1) = I - Vᵀ·S·V, the rows of V being the v and S upper
// triangular.
type backTransform[T mat.Float] struct {
	gram, s mat.Dense[T] // V·Vᵀ and S, k × k
	sv      mat.Dense[T] // Sᵀ·V, k × n
	proj    mat.Dense[T] // Z·Vᵀ, n × k
	watch   *Monitor
}

func (b *backTransform[T]) reset(n int) {
	growDense(&b.gram, wyBlock, wyBlock)
	growDense(&b.s, wyBlock, wyBlock)
	growDense(&b.sv, wyBlock, n)
	growDense(&b.proj, n, wyBlock)
}

// apply replaces each row x of z by Q·x, the v of Q being those of the rows of a as
// tridiagonal has them, unless watch stops it. Cost: 2n³ flops for n rows.
func (b *backTransform[T]) apply(ws *mat.Workspace[T], a *mat.Dense[T], tau []T, z *mat.Dense[T]) {
	n := a.Cols
	reflectors := n - 2 // H(n-2) is the identity
	for first := (max(reflectors, 1) - 1) / wyBlock * wyBlock; first >= 0; first -= wyBlock {
		k := min(wyBlock, reflectors-first)
		if k <= 0 {
			continue
		}
		if !b.watch.Step(stageBack, reflectors-first-k, reflectors) {
			return
		}
		v := window(a, first, first+1, k, n-first-1)
		b.applyBlock(ws, &v, tau[first:first+k], z, first+1)
	}
}

// applyBlock replaces the rows of z, from column first on, by
// Z - (Z·Vᵀ)·(Sᵀ·V).
func (b *backTransform[T]) applyBlock(ws *mat.Workspace[T], v *mat.Dense[T], tau []T, z *mat.Dense[T], first int) {
	k, m := v.Rows, v.Cols
	gram, s := window(&b.gram, 0, 0, k, k), window(&b.s, 0, 0, k, k)
	ws.Gemm(mat.NoTrans, mat.Trans, 1, v, v, 0, &gram)
	wyFactor(ws, &gram, tau, &s)
	sv := window(&b.sv, 0, 0, k, m)
	ws.Gemm(mat.Trans, mat.NoTrans, 1, &s, v, 0, &sv)
	part := window(z, 0, first, z.Rows, m)
	proj := window(&b.proj, 0, 0, z.Rows, k)
	ws.Gemm(mat.NoTrans, mat.Trans, 1, &part, v, 0, &proj)
	ws.Gemm(mat.NoTrans, mat.NoTrans, -1, &proj, &sv, 1, &part)
}

// wyFactor sets the upper triangular s of the block whose reflectors have the
// Gram matrix gram, by halves: s12 = -s1·gram12·s2 (Elmroth and Gustavson 2000).
func wyFactor[T mat.Float](ws *mat.Workspace[T], gram *mat.Dense[T], tau []T, s *mat.Dense[T]) {
	k := len(tau)
	if k <= wyLeaf {
		wyColumns(gram, tau, s)
		return
	}
	h := k / 2
	s1, s2 := window(s, 0, 0, h, h), window(s, h, h, k-h, k-h)
	gram1, gram2 := window(gram, 0, 0, h, h), window(gram, h, h, k-h, k-h)
	wyFactor(ws, &gram1, tau[:h], &s1)
	wyFactor(ws, &gram2, tau[h:], &s2)
	s12, gram12, product := window(s, 0, h, h, k-h), window(gram, 0, h, h, k-h), window(s, h, 0, k-h, h)
	ws.Gemm(mat.Trans, mat.Trans, 1, &s2, &gram12, 0, &product)
	ws.Gemm(mat.NoTrans, mat.Trans, -1, &s1, &product, 0, &s12)
	for i := h; i < k; i++ {
		clear(s.Row(i)[:h])
	}
}

// wyLeaf is the largest block whose factor is computed column by column.
const wyLeaf = 8

// wyColumns is wyFactor with s(:j,j) = -tau(j)·s·gram(:j,j), s(j,j) = tau(j).
func wyColumns[T mat.Float](gram *mat.Dense[T], tau []T, s *mat.Dense[T]) {
	for j, tj := range tau {
		for i := range j {
			var sum T
			for p, x := range s.Row(i)[i:j] {
				sum += x * gram.Data[j*gram.Stride+i+p]
			}
			s.Data[i*s.Stride+j] = -tj * sum
		}
		s.Data[j*s.Stride+j] = tj
		clear(s.Row(j)[:j])
	}
}
