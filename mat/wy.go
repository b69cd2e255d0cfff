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

	v, t  Dense[T]
	tData []T
	apply wyApplier[T]
}

// Set makes h the product of the reflectors with the vectors in the rows of v
// and the scalars tau. It shares v, whose entries must all be what the vectors
// hold: zeros and the unit entry are read like any other. It panics with
// Error unless len(tau) == v.Rows. Cost: 2k²n + k³/3 flops.
func (h *BlockReflector[T]) Set(v *Dense[T], tau []T) {
	v.check("Set", "V")
	k := v.Rows
	if len(tau) != k {
		panicf("Set", "V is %d×%d, len(tau) = %d", k, v.Cols, len(tau))
	}
	h.tData = sized(h.tData, k*k)
	h.v = *v
	h.t = Dense[T]{Rows: k, Cols: k, Data: h.tData, Stride: k}
	h.apply.work.Threads = h.Threads
	h.apply.formT(&h.v, tau, &h.t)
}

// MulLeft computes B = op(H)·B in place for an n × c matrix B. It panics with
// Error when the shapes do not fit. Cost: 4knc + 2k²c flops.
func (h *BlockReflector[T]) MulLeft(t Transpose, b *Dense[T]) {
	b.check("MulLeft", "B")
	if b.Rows != h.v.Cols {
		panicf("MulLeft", "H is %d×%d, B is %d×%d", h.v.Cols, h.v.Cols, b.Rows, b.Cols)
	}
	h.apply.work.Threads = h.Threads
	h.apply.left(&h.v, &h.t, t, b)
}

// MulRight computes B = B·op(H) in place for an r × n matrix B. It panics with
// Error when the shapes do not fit. Cost: 4knr + 2k²r flops.
func (h *BlockReflector[T]) MulRight(t Transpose, b *Dense[T]) {
	b.check("MulRight", "B")
	if b.Cols != h.v.Cols {
		panicf("MulRight", "H is %d×%d, B is %d×%d", h.v.Cols, h.v.Cols, b.Rows, b.Cols)
	}
	h.apply.work.Threads = h.Threads
	h.apply.right(&h.v, &h.t, t, b)
}

// wyApplier multiplies by block reflectors I − VᵀTV and holds the room that
// takes.
type wyApplier[T Float] struct {
	work Workspace[T]
	w, x []T
}

// left computes B = op(I − VᵀTV)·B.
func (p *wyApplier[T]) left(v, t *Dense[T], tr Transpose, b *Dense[T]) {
	if v.Rows == 0 || b.Cols == 0 {
		return
	}
	w, x := p.pair(v.Rows, b.Cols)
	p.work.Gemm(NoTrans, NoTrans, 1, v, b, 0, &w)
	p.work.Gemm(tr, NoTrans, 1, t, &w, 0, &x)
	p.work.Gemm(Trans, NoTrans, -1, v, &x, 1, b)
}

// right computes B = B·op(I − VᵀTV).
func (p *wyApplier[T]) right(v, t *Dense[T], tr Transpose, b *Dense[T]) {
	if v.Rows == 0 || b.Rows == 0 {
		return
	}
	w, x := p.pair(b.Rows, v.Rows)
	p.work.Gemm(NoTrans, Trans, 1, b, v, 0, &w)
	p.work.Gemm(NoTrans, tr, 1, &w, t, 0, &x)
	p.work.Gemm(NoTrans, NoTrans, -1, &x, v, 1, b)
}

// pair returns two rows × cols matrices of working room.
func (p *wyApplier[T]) pair(rows, cols int) (w, x Dense[T]) {
	p.w, p.x = sized(p.w, rows*cols), sized(p.x, rows*cols)
	w = Dense[T]{Rows: rows, Cols: cols, Data: p.w, Stride: cols}
	x = Dense[T]{Rows: rows, Cols: cols, Data: p.x, Stride: cols}
	return w, x
}

// formT fills the triangular factor of the reflectors in the rows of v: column
// j is −τⱼ·T·(V·vⱼ), from the Gram matrix of the vectors (after LAPACK larft).
func (p *wyApplier[T]) formT(v *Dense[T], tau []T, t *Dense[T]) {
	k := v.Rows
	if k == 0 {
		return
	}
	g, x := p.pair(k, k)
	p.work.Gemm(NoTrans, Trans, 1, v, v, 0, &g)
	col := x.Data[:k]
	for j := range k {
		copy(col[:j], g.Data[j*k:j*k+j])
		clear(t.row(j)[:j])
		for i := range j {
			t.Data[i*t.Stride+j] = -tau[j] * kernels.Dot(t.row(i)[i:j], col[i:j])
		}
		t.Data[j*t.Stride+j] = tau[j]
	}
}

// joinT fills the upper right block of the factor T of [V1; V2], whose
// diagonal blocks are those of V1 and V2: T12 = −T11·(V1·V2ᵀ)·T22.
func (p *wyApplier[T]) joinT(v1, v2, t *Dense[T]) {
	k1, k2 := v1.Rows, v2.Rows
	t11, t12, t22 := t.sub(0, 0, k1, k1), t.sub(0, k1, k1, k2), t.sub(k1, k1, k2, k2)
	g, x := p.pair(k1, k2)
	p.work.Gemm(NoTrans, Trans, 1, v1, v2, 0, &g)
	p.work.Gemm(NoTrans, NoTrans, 1, &t11, &g, 0, &x)
	p.work.Gemm(NoTrans, NoTrans, -1, &x, &t22, 0, &t12)
	for i := k1; i < k1+k2; i++ {
		clear(t.row(i)[:k1])
	}
}

// sub is View by value and unchecked: views in inner loops stay off the heap.
func (m *Dense[T]) sub(i, j, rows, cols int) Dense[T] {
	v := Dense[T]{Rows: rows, Cols: cols, Stride: m.Stride}
	if rows > 0 && cols > 0 {
		o := i*m.Stride + j
		v.Data = m.Data[o : o+(rows-1)*m.Stride+cols]
	}
	return v
}

// sized returns a slice of length n, in place of buf where it has the room.
func sized[T any](buf []T, n int) []T {
	if cap(buf) < n {
		return make([]T, n)
	}
	return buf[:n]
}
