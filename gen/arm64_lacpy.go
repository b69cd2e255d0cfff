package main

// neonLacpy copies a matrix row by row (LAPACK lacpy): what packs panels. A row
// goes by 64 bytes, by vectors and by single entries.
func neonLacpy(e *arm64Emitter, _ Spec) {
	const rows, cols, src, ss, dst, ds, from, to, left = gpr(0), gpr(1), gpr(2), gpr(3), gpr(4), gpr(5), gpr(6), gpr(7), gpr(8)
	e.param("m", rows)
	e.param("n", cols)
	e.param("src", src)
	e.param("ss", ss)
	e.param("dst", dst)
	e.param("ds", ds)
	e.shl(ss)
	e.shl(ds)
	row := e.fresh("row")
	e.label(row)
	e.MOVR(src, from)
	e.MOVR(dst, to)
	e.MOVR(cols, left)
	parts := []struct {
		entries int
		copy    func()
	}{
		{4 * e.lanes(), func() {
			e.FLDPQ(address{base: from, post: 2 * neon.Width}, 0, 1)
			e.FLDPQ(address{base: from, post: 2 * neon.Width}, 2, 3)
			e.FSTPQ(0, 1, address{base: to, post: 2 * neon.Width})
			e.FSTPQ(2, 3, address{base: to, post: 2 * neon.Width})
		}},
		{e.lanes(), func() {
			e.FMOVQ(address{base: from, post: neon.Width}, 0)
			e.FSTQ(0, address{base: to, post: neon.Width})
		}},
		{1, func() {
			e.FLD(e.elem, address{base: from, post: e.elem.Size}, 0)
			e.FST(e.elem, 0, address{base: to, post: e.elem.Size})
		}},
	}
	for _, p := range parts {
		loop, done := e.fresh("copy"), e.fresh("fewer")
		e.SUBSI(p.entries, left)
		e.B("LT", done)
		e.label(loop)
		p.copy()
		e.SUBSI(p.entries, left)
		e.B("GE", loop)
		e.label(done)
		e.ADDI(p.entries, left)
	}
	e.ADD(ss, src)
	e.ADD(ds, dst)
	e.SUBSI(1, rows)
	e.B("NE", row)
	e.RET()
}
