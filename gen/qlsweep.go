package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// qlSweep does one QL sweep with an explicit shift on a symmetric tridiagonal
// matrix, in double precision for either element. A scalar recurrence without a
// division, which takes a multiply-add's latency a row, goes up the rows and leaves
//
//	Y(j) = (d(j) - shift)·Y(j+1) - e(j)²·Y(j+2)   Y(k+1) = 1, Y(k) = d(k) - shift
//	W(j) = Y(j+1)² + e(j)²·W(j+1)                 W(k) = 1
//
// in which the pivot of the sweep before rotation j is Y(j+1)/√W(j+1), so that
// C(j) = Y(j+1)/√W(j), S(j) = e(j)·√W(j+1)/√W(j) and, with p(j) =
// S(j)·(S(j)·(d(j) - shift) + C(j)·C(j+1)·e(j)), C(k) = 1 and p(k) = 0, the new
// matrix is
//
//	d(j+1) = d(j+1) + p(j) - p(j+1)   e(j) = S(j)·√W(j-1)/√W(j)   d(0) = d(0) - p(0)
//
// with Y(0) for √W(-1). Where sines are small, in what has nearly converged, p is as
// well, and sweeps leave d to the last digit (so does LAPACK steqr); shifted entries
// from Y and W would lose half an ulp of the matrix each time.
//
// All that is work for vectors, a block of rows at a time
// while the recurrence is at the next. Y and W go to their lanes by registers: a
// vector that is loaded soon after its scalars were stored waits until these have
// retired, and everything with it. What a row needs of the one below comes from
// the lanes of the block before.
//
// A step of C += C·(1 - C² - S²)/2, alike for S, leaves little but the rounding of
// C and S itself in the length of what they rotate.
type qlSweep struct {
	e      *emitter
	narrow Elem
}

var (
	qlK, qlD, qlE  = reg.RDX, reg.RSI, reg.RDI
	qlOldD, qlOldE = reg.R10, reg.R11
	qlC, qlS       = reg.R12, reg.R13
	qlJ, qlRows    = reg.RBX, reg.R14
	qlHalf         = reg.R15 // where a vector of halves is, and one of ones
)

// Scalars of the recurrence, the shift in every lane, what a block leaves to the
// next, and what is left.
const (
	qlMinor, qlLast, qlSquare, qlShift, qlLeast         = 0, 1, 2, 3, 4
	qlRootBelow, qlPBelow, qlUBelow, qlYBelow, qlCBelow = 5, 6, 7, 8, 9
	qlTemp                                              = 10
)

var qlOne = Mem{Base: qlHalf, Disp: 64}

// qlRange bounds the squares W from below: their roots and those of quotients are
// normal numbers. What is too large becomes infinite.
const qlRange = 0x1p-900

func emitQLSweep(e *emitter, s Spec) {
	wide := *e
	wide.elem = f64
	q := qlSweep{&wide, e.elem}
	e.text(s.Name(), "func(k int, d, e *float64, shift float64, work *float64, c, s *"+e.elem.Go+") int")
	e.Load(e.Param("k"), qlK)
	e.Load(e.Param("d"), qlD)
	e.Load(e.Param("e"), qlE)
	e.Load(e.Param("work"), qlOldD)
	e.Load(e.Param("c"), qlC)
	e.Load(e.Param("s"), qlS)
	e.LEAQ(Mem{Base: qlK, Disp: 17}, qlJ) // the arrays of the workspace are whole cache lines
	e.ANDQ(I32(-8), qlJ)
	e.LEAQ(Mem{Base: qlOldD, Index: qlJ, Scale: 8}, qlOldE)
	e.LEAQ(Mem{Base: qlOldE, Index: qlJ, Scale: 8}, qlHalf)
	q.begin()
	e.LEAQ(Mem{Base: qlK, Disp: -1}, qlJ) // the first row of the first block
	e.ANDQ(I32(-q.e.lanes()), qlJ)
	e.MOVQ(qlK, qlRows)
	e.SUBQ(qlJ, qlRows)
	q.block(true)
	e.JMP(LabelRef("next"))
	e.Label("block")
	q.block(false)
	e.Label("next")
	e.SUBQ(I32(q.e.lanes()), qlJ)
	e.JGE(LabelRef("block"))
	q.end()
	e.ret()
}

func (q qlSweep) at(base reg.Register, disp int) Mem {
	return Mem{Base: base, Index: qlJ, Scale: 8, Disp: 8 * disp}
}

// begin sets what the first block finds of the last row and of those behind it.
func (q qlSweep) begin() {
	q.e.constant(0.5, qlTemp)
	q.e.store(q.e.v(qlTemp), Mem{Base: qlHalf})
	q.e.constant(1, qlCBelow)
	q.e.store(q.e.v(qlCBelow), qlOne)
	for _, i := range []int{qlLast, qlSquare, qlLeast} {
		q.e.VMOVAPD(q.e.x(qlCBelow), q.e.x(i))
	}
	q.e.VMOVAPD(q.e.v(qlCBelow), q.e.v(qlRootBelow))
	q.e.zero(q.e.v(qlUBelow))
	q.e.zero(q.e.v(qlPBelow))
	q.e.VBROADCASTSD(q.e.paramMem("shift"), q.e.v(qlShift))
	q.e.VMOVSD(Mem{Base: qlD, Index: qlK, Scale: 8}, q.e.x(qlMinor))
	q.e.VSUBSD(q.e.x(qlShift), q.e.x(qlMinor), q.e.x(qlMinor))
}

// recurrence goes up the rows of a block, of the first as many as there are, and
// gathers Y and W. Behind those rows Y is that of the last row, then one, then
// either, as nothing depends on it; so it is in the block below, which is none.
func (q qlSweep) recurrence(first bool) (y, w int) {
	const b, x, saved = qlTemp, qlTemp + 1, qlTemp + 3
	const behind = b // until a row takes it
	if first {
		odd := q.e.label("odd")
		q.e.VMOVAPD(q.e.x(qlCBelow), q.e.x(saved)) // one, as yet
		q.e.VMOVAPD(q.e.x(qlCBelow), q.e.x(behind))
		q.e.TESTQ(I32(1), qlRows)
		q.e.JNZ(LabelRef(odd))
		q.e.VMOVAPD(q.e.x(qlMinor), q.e.x(behind))
		q.e.Label(odd)
		q.e.VBROADCASTSD(q.e.x(behind), q.e.v(qlYBelow))
	}
	for lane := q.e.lanes() - 1; lane >= 0; lane-- {
		skip, done := q.e.label("behind"), q.e.label("row")
		if first && lane > 0 {
			q.e.CMPQ(qlRows, I32(lane))
			q.e.JLE(LabelRef(skip))
		}
		q.row(lane)
		if lane%2 == 1 {
			q.e.VMOVAPD(q.e.x(qlSquare), q.e.x(saved))
			if first {
				q.e.Label(skip)
			}
			continue
		}
		y, w = saved+1+lane, saved+2+lane
		if !q.e.isa.Masks { // of few registers
			y, w = b+2*lane, x+2*lane
		}
		q.e.VUNPCKLPD(q.e.x(qlLast), q.e.x(qlMinor), q.e.x(y))
		q.e.VUNPCKLPD(q.e.x(saved), q.e.x(qlSquare), q.e.x(w))
		if first && lane > 0 {
			q.e.JMP(LabelRef(done))
			q.e.Label(skip)
			q.e.VUNPCKLPD(q.e.x(qlCBelow), q.e.x(behind), q.e.x(y))
			q.e.VMOVAPD(q.e.x(qlCBelow), q.e.x(w))
			q.e.Label(done)
		}
	}
	return y, w
}

// row is one step of the recurrence.
func (q qlSweep) row(lane int) {
	const b, x, t = qlTemp, qlTemp + 1, qlTemp + 2
	q.e.VMOVSD(q.at(qlE, lane), q.e.x(b))
	q.e.VMULSD(q.e.x(b), q.e.x(b), q.e.x(b))
	q.e.VMOVSD(q.at(qlD, lane), q.e.x(x))
	q.e.VSUBSD(q.e.x(qlShift), q.e.x(x), q.e.x(x))
	q.e.VMULSD(q.e.x(b), q.e.x(qlLast), q.e.x(t))
	q.e.VMOVAPD(q.e.x(qlMinor), q.e.x(qlLast))
	q.e.VFMSUB213SD(q.e.x(t), q.e.x(x), q.e.x(qlMinor))
	q.e.VMULSD(q.e.x(qlLast), q.e.x(qlLast), q.e.x(t))
	q.e.VFMADD213SD(q.e.x(t), q.e.x(b), q.e.x(qlSquare))
	q.e.VMINSD(q.e.x(qlSquare), q.e.x(qlLeast), q.e.x(qlLeast))
}

// gathered joins the pairs of lanes.
func (q qlSweep) gathered(low, step int) {
	if !q.e.isa.Masks {
		q.e.VINSERTF128(Imm(1), q.e.x(low+step), q.e.v(low), q.e.v(low))
		return
	}
	for i := low; i <= low+2*step; i += 2 * step {
		q.e.VINSERTF64X2(Imm(1), q.e.x(i+step), q.e.v(i).AsY(), q.e.v(i).AsY())
	}
	q.e.VINSERTF64X4(Imm(1), q.e.v(low+2*step).AsY(), q.e.v(low), q.e.v(low))
}

// block finds the rotations of a block of rows, and their new entries and one more.
// The topmost rows of a vector that the first block uses in part stay as they are.
func (q qlSweep) block(first bool) {
	y, w := q.recurrence(first)
	var t, s, c, inverse int
	if q.e.isa.Masks {
		q.gathered(y, 2)
		q.gathered(w, 2)
		t, s, c, inverse = qlTemp, qlTemp+1, qlTemp+2, qlTemp+3
	} else {
		q.gathered(y, 4)
		q.gathered(w, 4)
		t, s, c, inverse = qlTemp+2, qlTemp+3, qlTemp+4, qlTemp+5
	}
	root, p, u := w, y, inverse
	q.e.VSQRTPD(q.e.v(w), q.e.v(root))
	q.e.load(qlOne, q.e.v(inverse))
	q.e.VDIVPD(q.e.v(root), q.e.v(inverse), q.e.v(inverse))
	q.below(y, qlYBelow, c)
	q.e.mul(q.e.v(inverse), q.e.v(c), q.e.v(c))
	q.below(c, qlCBelow, p)
	q.offDiagonal(s, t, first)
	q.e.mul(q.e.v(s), q.e.v(p), q.e.v(p))
	q.e.mul(q.e.v(inverse), q.e.v(s), q.e.v(s))
	q.below(root, qlRootBelow, t)
	q.e.mul(q.e.v(t), q.e.v(s), q.e.v(s))
	nmadd := q.e.VFNMADD231PD
	q.e.load(qlOne, q.e.v(t))
	nmadd(q.e.v(c), q.e.v(c), q.e.v(t))
	nmadd(q.e.v(s), q.e.v(s), q.e.v(t))
	q.e.mul(Mem{Base: qlHalf}, q.e.v(t), q.e.v(t))
	q.e.VFMADD213PD(q.e.v(c), q.e.v(t), q.e.v(c))
	q.e.VFMADD213PD(q.e.v(s), q.e.v(t), q.e.v(s))
	q.e.mul(q.e.v(s), q.e.v(inverse), q.e.v(u))
	q.e.load(q.at(qlD, 0), q.e.v(t))
	q.e.store(q.e.v(t), q.at(qlOldD, 0))
	q.e.VSUBPD(q.e.v(qlShift), q.e.v(t), q.e.v(t))
	q.e.mul(q.e.v(c), q.e.v(p), q.e.v(p))
	q.e.VFMADD231PD(q.e.v(s), q.e.v(t), q.e.v(p))
	q.e.mul(q.e.v(s), q.e.v(p), q.e.v(p))
	q.rounded(c, qlC)
	q.rounded(s, qlS)
	q.below(u, qlUBelow, t)
	q.e.mul(q.e.v(root), q.e.v(t), q.e.v(t))
	q.replace(t, root, q.at(qlE, 1), first, 1)
	q.below(p, qlPBelow, t)
	q.e.VSUBPD(q.e.v(t), q.e.v(p), q.e.v(t))
	q.e.add(q.at(qlD, 1), q.e.v(t), q.e.v(t))
	q.replace(t, root, q.at(qlD, 1), first, 0)
}

// offDiagonal loads e, zeros behind the rows of the first block: so are S and p there.
func (q qlSweep) offDiagonal(i, t int, first bool) {
	if first {
		var mask Op = q.e.v(t)
		if q.e.isa.Masks {
			mask = reg.K1
		}
		q.e.MOVQ(qlRows, reg.RAX)
		q.e.laneMask(reg.RAX, reg.K1, q.e.v(t))
		q.e.loadMasked(q.at(qlE, 0), mask, q.e.v(i))
	} else {
		q.e.load(q.at(qlE, 0), q.e.v(i))
	}
	q.e.store(q.e.v(i), q.at(qlOldE, 0))
}

// below leaves in dst each lane's next of register i, that of the last lane being
// the first of the block below, and i for the block above.
func (q qlSweep) below(i, low, dst int) {
	if q.e.isa.Masks {
		q.e.VALIGNQ(Imm(1), q.e.v(i), q.e.v(low), q.e.v(dst))
	} else {
		q.e.VPERM2F128(Imm(0x21), q.e.v(low), q.e.v(i), q.e.v(dst))
		q.e.VSHUFPD(Imm(5), q.e.v(dst), q.e.v(i), q.e.v(dst))
	}
	q.e.VMOVAPD(q.e.v(i), q.e.v(low))
}

// replace stores register i; of the first block as many lanes as it has rows, less
// so many.
func (q qlSweep) replace(i, t int, m Mem, first bool, less int) {
	if first {
		q.e.LEAQ(Mem{Base: qlRows, Disp: -less}, reg.RAX)
		q.e.laneMask(reg.RAX, reg.K1, q.e.v(t))
		if q.e.isa.Masks {
			q.e.VMOVUPD(m, q.e.v(t))
			q.e.VMOVAPD(q.e.v(i), reg.K1, q.e.v(t))
			q.e.store(q.e.v(t), m)
			return
		}
		q.e.VXORPD(m, q.e.v(i), q.e.v(i))
		q.e.and(q.e.v(i), q.e.v(t), q.e.v(i))
		q.e.VXORPD(m, q.e.v(i), q.e.v(i))
	}
	q.e.store(q.e.v(i), m)
}

// rounded stores a vector of cosines or sines.
func (q qlSweep) rounded(i int, base reg.Register) {
	if q.narrow == f64 {
		q.e.store(q.e.v(i), q.at(base, 0))
		return
	}
	m := Mem{Base: base, Index: qlJ, Scale: 4}
	if q.e.isa.Masks {
		q.e.VCVTPD2PS(q.e.v(i), q.e.v(i).AsY())
		q.e.VMOVUPS(q.e.v(i).AsY(), m)
	} else {
		q.e.VCVTPD2PSY(q.e.v(i), q.e.x(i))
		q.e.VMOVUPS(q.e.x(i), m)
	}
}

// end stores the first entries and whether all W were in range.
func (q qlSweep) end() {
	const t = qlTemp
	q.e.VMULSD(q.e.x(qlMinor), q.e.x(qlUBelow), q.e.x(t))
	q.e.VMOVSD(q.e.x(t), Mem{Base: qlE})
	q.e.VMOVSD(Mem{Base: qlD}, q.e.x(t))
	q.e.VSUBSD(q.e.x(qlPBelow), q.e.x(t), q.e.x(t))
	q.e.VMOVSD(q.e.x(t), Mem{Base: qlD})
	q.e.constant(qlRange, t)
	q.e.VSUBSD(q.e.x(qlSquare), q.e.x(qlSquare), q.e.x(qlSquare)) // 0, NaN where it is infinite
	q.e.VADDSD(q.e.x(qlSquare), q.e.x(qlLeast), q.e.x(qlLeast))
	q.e.XORQ(reg.RAX, reg.RAX)
	q.e.VUCOMISD(q.e.x(t), q.e.x(qlLeast))
	q.e.SETHI(reg.AL)
	q.e.Store(reg.RAX, q.e.ReturnIndex(0))
}
