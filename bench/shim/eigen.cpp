// Eigen's products and vectors behind C functions, for bench: it compiles this
// when a C++ compiler and Eigen's headers are there. Matrices are row-major,
// strides count elements, scalars come by address.
#include <Eigen/Dense>

namespace {

using namespace Eigen;

template <typename T> using Rows = Matrix<T, Dynamic, Dynamic, RowMajor>;
template <typename T> using In = Map<const Rows<T>, 0, OuterStride<>>;
template <typename T> using Out = Map<Rows<T>, 0, OuterStride<>>;
template <typename T> using InVector = Map<const Matrix<T, Dynamic, 1>>;
template <typename T> using OutVector = Map<Matrix<T, Dynamic, 1>>;

template <typename T>
void gemm(int transA, int transB, long m, long n, long k, const T *a, long lda, const T *b, long ldb, T *c, long ldc) {
	In<T> A(a, transA ? k : m, transA ? m : k, OuterStride<>(lda));
	In<T> B(b, transB ? n : k, transB ? k : n, OuterStride<>(ldb));
	Out<T> C(c, m, n, OuterStride<>(ldc));
	if (transA && transB) C.noalias() = A.transpose() * B.transpose();
	else if (transA) C.noalias() = A.transpose() * B;
	else if (transB) C.noalias() = A * B.transpose();
	else C.noalias() = A * B;
}

template <typename T> void gemv(int trans, long m, long n, const T *a, long lda, const T *x, T *y) {
	In<T> A(a, m, n, OuterStride<>(lda));
	InVector<T> X(x, trans ? m : n);
	OutVector<T> Y(y, trans ? n : m);
	if (trans) Y.noalias() = A.transpose() * X;
	else Y.noalias() = A * X;
}

template <typename T> void ger(long m, long n, const T *alpha, const T *x, const T *y, T *a, long lda) {
	Out<T>(a, m, n, OuterStride<>(lda)).noalias() += *alpha * InVector<T>(x, m) * InVector<T>(y, n).transpose();
}

template <typename T> void gram(long n, long k, const T *alpha, const T *a, long lda, T *c, long ldc) {
	Out<T> C(c, n, n, OuterStride<>(ldc));
	C.template triangularView<Upper>().setZero();
	C.template selfadjointView<Upper>().rankUpdate(In<T>(a, k, n, OuterStride<>(lda)).transpose(), *alpha);
}

template <typename T> void rot(long n, T *x, T *y, const T *c, const T *s) {
	OutVector<T> X(x, n), Y(y, n);
	internal::apply_rotation_in_the_plane(X, Y, JacobiRotation<T>(*c, *s));
}

} // namespace

#define EXPORT(p, T)                                                                                              \
	void p##gemm(int ta, int tb, long m, long n, long k, const T *a, long lda, const T *b, long ldb, T *c, long ldc) { \
		gemm<T>(ta, tb, m, n, k, a, lda, b, ldb, c, ldc);                                                          \
	}                                                                                                              \
	void p##gemv(int t, long m, long n, const T *a, long lda, const T *x, T *y) { gemv<T>(t, m, n, a, lda, x, y); }   \
	void p##ger(long m, long n, const T *alpha, const T *x, const T *y, T *a, long lda) {                           \
		ger<T>(m, n, alpha, x, y, a, lda);                                                                         \
	}                                                                                                              \
	void p##gram(long n, long k, const T *alpha, const T *a, long lda, T *c, long ldc) {                            \
		gram<T>(n, k, alpha, a, lda, c, ldc);                                                                      \
	}                                                                                                              \
	void p##axpy(long n, const T *alpha, const T *x, T *y) { OutVector<T>(y, n) += *alpha * InVector<T>(x, n); }     \
	void p##scal(long n, const T *alpha, T *x) { OutVector<T>(x, n) *= *alpha; }                                    \
	void p##rot(long n, T *x, T *y, const T *c, const T *s) { rot<T>(n, x, y, c, s); }                              \
	void p##dot(long n, const T *x, const T *y, T *r) { *r = InVector<T>(x, n).dot(InVector<T>(y, n)); }            \
	void p##nrm2(long n, const T *x, T *r) { *r = InVector<T>(x, n).norm(); }

extern "C" {
EXPORT(eigen_s, float)
EXPORT(eigen_d, double)
const char *eigen_version() {
#define TEXT(x) #x
#define VALUE(x) TEXT(x)
	return VALUE(EIGEN_WORLD_VERSION) "." VALUE(EIGEN_MAJOR_VERSION) "." VALUE(EIGEN_MINOR_VERSION);
}
}
