namespace Carillon;

/// <summary>Runs one handler for one message (or one batch of messages). Written by the source generator.</summary>
/// <typeparam name="TMessage">The message's type, or a list of them for a batch handler.</typeparam>
/// <param name="message">The message.</param>
/// <param name="context">What surrounds the message.</param>
/// <param name="cancellation">The same as <see cref="EventContext.Cancellation"/>.</param>
public delegate ValueTask HandlerDelegate<in TMessage>(TMessage message, EventContext context, CancellationToken cancellation);

/// <summary>The rest of the pipeline: the middleware after this one, and at the end the handlers.</summary>
/// <param name="context">What surrounds the message.</param>
public delegate ValueTask EventDelegate(EventContext context);
