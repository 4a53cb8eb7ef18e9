using Carillon.Parking;
using Carillon.Routing;

namespace Carillon.Subscribing;

/// <summary>
/// Handles messages that are finished already as far as their transport knows, once: what fails is counted, and its key goes on. What the subscription had set aside
/// before it became at most once is handled as it was begun with, at least once.
/// </summary>
internal sealed class AtMostOnceLaneHandler(
    LaneScheduler scheduler, MessageReader reader, AttemptRunner attempts, SubscriptionParking parking, LostMessages lost, DeliveryBudget budget, ParkedRunProcessor runs, DeliveryContext context)
    : ILaneHandler
{
    public string? Current => context.Handler?.Name;

    public async ValueTask HandleAsync(LaneDelivery item, LaneWorker worker)
    {
        if (item.Delivery is ParkedDelivery)
        {
            await runs.HandleAsync(item, worker, context);
            return;
        }

        var taken = new List<LaneDelivery> { item };
        var cancellation = worker.Cancellation;
        (context.Worker, context.Patience) = (worker, worker.Patience);
        if (reader.FindBatch(item.Delivery.Envelope) is { } route)
            scheduler.TakeMore(worker, taken, route.BatchSize, route.BatchSize, delivery => delivery is SettledDelivery && ReferenceEquals(reader.FindBatch(delivery.Envelope), route));
        await HandleAsync(taken, cancellation);
        foreach (var (_, delivery) in taken)
            budget.Give(delivery);
        foreach (var lane in taken.Select(static one => one.Lane).Distinct())
            scheduler.Release(lane);
    }

    /// <summary>Hands what can be handled to its handlers, in one call; whatever cannot, and whatever fails, is lost.</summary>
    private async ValueTask HandleAsync(List<LaneDelivery> taken, CancellationToken cancellation)
    {
        var fit = new List<LaneDelivery>(taken.Count);
        var messages = new List<object?>(taken.Count);
        MessageRoute? route = null;
        foreach (var one in taken)
        {
            if (!IsFit(one, out var found, out var message))
                continue;
            route = found;
            fit.Add(one);
            messages.Add(message);
        }

        if (route is null)
            return;
        var error = await RunAsync(fit, messages, route, cancellation);
        if (error is null)
            return;
        var (reason, detail) = error is OperationCanceledException
            ? (LossReason.Stopped, "The process stopped, or its partition went away, while it was handled.")
            : (LossReason.Failed, $"{context.Handler?.Name ?? "What reads it, or comes before its handler,"} failed.");
        foreach (var (_, delivery) in fit)
            lost.Add(delivery.Envelope, reason, detail, error is OperationCanceledException ? null : error);
    }

    private async ValueTask<Exception?> RunAsync(List<LaneDelivery> fit, List<object?> messages, MessageRoute route, CancellationToken cancellation)
    {
        try
        {
            context.Reset();
            if (fit.Exists(static one => one.Lane.IsWithdrawn))
                return new OperationCanceledException(cancellation);
            var handled = new HandledMessage(messages[0], route.IsBatch ? route.Handlers[0].CreateBatch([.. messages!]) : null);
            return await attempts.TryOnceAsync([.. fit.Select(static one => one.Delivery)], route, handled, fit[0].Delivery.EarlierDeliveries + 1, context, cancellation);
        }
        catch (OperationCanceledException interrupted) when (cancellation.IsCancellationRequested)
        {
            return interrupted;
        }
        catch (Exception error)
        {
            return new InvalidOperationException($"Handling failed outside of its handler: {error.Message}", error);
        }
    }

    private bool IsFit(LaneDelivery one, out MessageRoute? route, out object? message)
    {
        (route, message) = (null, null);
        ref readonly var envelope = ref one.Delivery.Envelope;
        try
        {
            // It is set aside as well, by an owner that handled at least once, and is handled from there.
            if (parking.Partitions.Copies.Take(one.Delivery))
                return false;
            if (reader.Read(envelope, out route, out message) is { } defect)
            {
                lost.Add(envelope, ReasonOf(defect), $"{defect.Code}: {defect.Detail}");
                return false;
            }

            // Without handlers it is ignored. Of a batch the conditions are asked here, of a single message where it is handled.
            return route is not null && (!route.IsBatch || route.Accepts(message!));
        }
        catch (Exception error)
        {
            lost.Add(envelope, LossReason.Failed, "What reads it failed.", error);
            return false;
        }
    }

    private static LossReason ReasonOf(EnvelopeDefect defect) => defect.Code switch
    {
        ErrorCodes.Expired => LossReason.Expired,
        ErrorCodes.UnknownType => LossReason.Unhandled,
        _ => LossReason.Unreadable,
    };
}
