// Package nn trains small neural networks: linear layers with their
// activations, embeddings, two losses, SGD and Adam, all on the products of
// package mat.
//
// A batch is a matrix with a sample per row. A training step is
//
//	net.Forward(logits, x)
//	loss := nn.CrossEntropy(grad, logits, labels)
//	nn.ZeroGrad(params)
//	net.Backward(nil, grad)
//	opt.Step(params)
//
// and allocates nothing once every buffer has met the largest batch. logits and grad
// are sized by the first batch; one of another size takes matrices of its own. The same
// seed gives the same weights, and the same batches the same bits, whatever the
// number of threads.
//
// A caller's bug (shapes, labels out of range) panics with [mat.Error]. NaN is
// never hidden: it goes through every activation and loss.
package nn
