using Carillon.Subscribing;
using Carillon.Testing.Processes;
using Carillon.Testing.Tracing;

namespace Carillon.Testing.Histories;

/// <summary>Tells the history what handlers have done.</summary>
/// <param name="history">The history.</param>
/// <param name="trace">Where it is told too.</param>
/// <param name="process">Where the handlers run.</param>
/// <param name="hasHandler">Whether the version that runs there has a handler for a message in a subscription: without one, nothing was done, whatever ran.</param>
internal sealed class HistoryMiddleware(WorldHistory history, SimulationTrace trace, SimulatedProcess process, Func<string, Envelope, bool> hasHandler) : IEventMiddleware
{
    /// <inheritdoc/>
    public async ValueTask InvokeAsync(EventContext context, EventDelegate next)
    {
        if (((HandlerContext)context).Batch is not null)
        {
            // The context shows the first message of a batch only: who sees to the others is the code under test.
            await next(context);
            return;
        }

        var work = ((HandlerContext)context).Work;
        var effect = new Effect(context.Subscription, context.Envelope.Source, context.Id, context.Envelope.Key, work is not null);
        trace.Write(process.Name, $"{effect.Subscription} handles {context.Envelope.Type} {effect.Id} of {effect.Key}, attempt {context.Attempt}", effect.Id);
        if (history.MayLose(effect.Subscription))
            history.Begin(effect);
        using (effect.Key is { } key ? history.Running.Begin(effect.Subscription, key, effect.Id, process) : null)
            await next(context);
        if (!hasHandler(context.Subscription, context.Envelope))
            return;
        if (work is null)
            Note(effect);
        else
            ((SimulatedTransaction)work.Transaction).OnCommit(() => Note(effect));
    }

    private void Note(Effect effect)
    {
        history.Add(effect);
        trace.Write(process.Name, $"{effect.Subscription} has handled {effect.Id} of {effect.Key}{(effect.IsExactlyOnce ? ", committed" : "")}", effect.Id);
    }
}
