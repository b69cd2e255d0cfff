package mat

import "github.com/lanes-go/lanes/kernels"

// BlockReflector is a product of k Householder reflectors of length n in
// compact WY form (Schreiber and Van Loan, 1989):
//
//	H = H₀·H₁·…·H(k−1) = I − VᵀTV,   Hᵢ = I − τᵢ·vᵢ·vᵢᵀ
//
// The rows of V, k × n, are the vectors vᵢ, T is k × k and upper triangular.
// Row storage keeps every vector contiguous. The zero value is ready for Set.
// One goroutine at a time may use it.
type BlockReflector[T Float] struct {
	// Threads caps the goroutines of one product; 0 means the cap of
	// SetMaxThreads.
	Threads int

	block        wyBlock[T]
	vData, tData []T
	apply        wyApplier[T]
}

// Set makes h the product of the reflectors with the vectors in the rows of v
// and the scalars tau. It keeps nothing of either. The entries of v must all
// be what the vectors hold: zeros and the unit entry are read like any other.
// It panics with Error unless len(tau) == v.Rows. Cost: 2k²n + k³/3 flops.
func (h *BlockReflector[T]) Set(v *Dense[T], tau []T) {
	v.check("Set", "V")
	k, n := v.Rows, v.Cols
	if len(tau) != k {
		panicf("Set", "V is %d×%d, len(tau) = %d", k, n, len(tau))
	}
	h.vData, h.tData = sized(h.vData, 2*k*n), sized(h.tData, k*k)
	h.block = wyBlock[T]{
		rows: Dense[T]{Rows: k, Cols: n, Data: h.vData[:k*n], Stride: n},
		cols: Dense[T]{Rows: n, Cols: k, Data: h.vData[k*n:], Stride: k},
		t:    Dense[T]{Rows: k, Cols: k, Data: h.tData, Stride: k},
	}
	h.block.rows.copyRows(v)
	v.transposeTo(&h.block.cols)
	h.apply.work.Threads = h.Threads
	h.apply.formT(&h.block, tau)
}

// MulLeft computes B = op(H)·B in place for an n × c matrix B. It panics with
// Error when the shapes do not fit. Cost: 4knc + 2k²c flops.
func (h *BlockReflector[T]) MulLeft(t Transpose, b *Dense[T]) {
	b.check("MulLeft", "B")
	if n := h.block.rows.Cols; b.Rows != n {
		panicf("MulLeft", "H is %d×%d, B is %d×%d", n, n, b.Rows, b.Cols)
	}
	h.apply.work.Threads = h.Threads
	h.apply.left(&h.block, t, b)
}

// MulRight computes B = B·op(H) in place for an r × n matrix B. It panics with
// Error when the shapes do not fit. Cost: 4knr + 2k²r flops.
func (h *BlockReflector[T]) MulRight(t Transpose, b *Dense[T]) {
	b.check("MulRight", "B")
	if n := h.block.rows.Cols; b.Cols != n {
		panicf("MulRight", "H is %d×%d, B is %d×%d", n, n, b.Rows, b.Cols)
	}
	h.apply.work.Threads = h.Threads
	h.apply.right(&h.block, t, b)
}

// wyBlock is a block reflector I − V·T·Vᵀ. The vectors are there as rows, where
// they are made, and as columns: so no product transposes an operand, which
// packing would pay for.
type wyBlock[T Float] struct{ rows, cols, t Dense[T] }

// wyApplier multiplies by block reflectors and holds the room that takes.
type wyApplier[T Float] struct {
	work Workspace[T]
	w, x []T
}

// left computes B = op(I − V·T·Vᵀ)·B.
func (p *wyApplier[T]) left(h *wyBlock[T], op Transpose, b *Dense[T]) {
	if h.t.Rows == 0 || b.Cols == 0 {
		return
	}
	w, x := p.pair(h.t.Rows, b.Cols)
	p.work.Gemm(NoTrans, NoTrans, 1, &h.rows, b, 0, &w)
	p.work.Gemm(op, NoTrans, 1, &h.t, &w, 0, &x)
	p.work.Gemm(NoTrans, NoTrans, -1, &h.cols, &x, 1, b)
}

// right computes B = B·op(I − V·T·Vᵀ).
func (p *wyApplier[T]) right(h *wyBlock[T], op Transpose, b *Dense[T]) {
	if h.t.Rows == 0 || b.Rows == 0 {
		return
	}
	w, x := p.pair(b.Rows, h.t.Rows)
	p.work.Gemm(NoTrans, NoTrans, 1, b, &h.cols, 0, &w)
	p.work.Gemm(NoTrans, op, 1, &w, &h.t, 0, &x)
	p.work.Gemm(NoTrans, NoTrans, -1, &x, &h.rows, 1, b)
}

// pair returns two rows × cols matrices of working room.
func (p *wyApplier[T]) pair(rows, cols int) (w, x Dense[T]) {
	p.w, p.x = sized(p.w, rows*cols), sized(p.x, rows*cols)
	w = Dense[T]{Rows: rows, Cols: cols, Data: p.w, Stride: cols}
	x = Dense[T]{Rows: rows, Cols: cols, Data: p.x, Stride: cols}
	return w, x
}

// formT fills the factor T of h from its vectors and their scalars.
func (p *wyApplier[T]) formT(h *wyBlock[T], tau []T) {
	if len(tau) == 0 {
		return
	}
	gram, x := p.pair(len(tau), len(tau))
	p.work.Gemm(NoTrans, NoTrans, 1, &h.rows, &h.cols, 0, &gram)
	for j := range tau {
		products := x.Data[:j]
		for i := range products {
			products[i] = gram.Data[i*gram.Stride+j]
		}
		setColumnT(&h.t, j, tau[j], products)
	}
}

// setColumnT fills column j of a factor T whose columns before it are there:
// −τⱼ·T·(Vᵀ·vⱼ) over τⱼ, products being Vᵀ·vⱼ (after LAPACK larft).
func setColumnT[T Float](t *Dense[T], j int, tau T, products []T) {
	for i := range j {
		t.Data[i*t.Stride+j] = -tau * kernels.Dot(t.row(i)[i:j], products[i:])
	}
	row := t.row(j)
	clear(row[:j])
	row[j] = tau
}

// joinT fills what the factor T of [V1 V2] has beside those of V1 and V2, its
// diagonal blocks: T12 = −T11·(V1ᵀ·V2)·T22 above and zeros below.
func (p *wyApplier[T]) joinT(rows1, cols2, t *Dense[T]) {
	k1, k2 := rows1.Rows, cols2.Cols
	t11, t12, t22 := t.sub(0, 0, k1, k1), t.sub(0, k1, k1, k2), t.sub(k1, k1, k2, k2)
	g, x := p.pair(k1, k2)
	p.work.Gemm(NoTrans, NoTrans, 1, rows1, cols2, 0, &g)
	p.work.Gemm(NoTrans, NoTrans, 1, &t11, &g, 0, &x)
	p.work.Gemm(NoTrans, NoTrans, -1, &x, &t22, 0, &t12)
	for i := k1; i < k1+k2; i++ {
		clear(t.row(i)[:k1])
	}
}
