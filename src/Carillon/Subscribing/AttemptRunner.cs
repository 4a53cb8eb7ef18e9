using System.Runtime.CompilerServices;
using Carillon.Diagnostics;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Routing;
using Carillon.Serialization;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>Runs the handlers of one message, a few times in a row if they fail, while the message's key waits.</summary>
internal sealed class AttemptRunner(EventDelegate pipeline, ExactlyOnceRunner exactlyOnce, OutageCircuits circuits, RetryOptions retries, Backoff backoff, TimeProvider time, ILogger logger)
{
    /// <summary>Handles a message.</summary>
    /// <returns>Null when it was handled, otherwise every failed attempt so far and whether trying again is pointless.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<HandlingFailure?> RunAsync(
        LaneDelivery item, LaneWorker worker, MessageRoute route, HandledMessage handled, DeliveryContext context)
    {
        var delivery = item.Delivery;
        var circuit = context.CircuitOf(route, circuits);
        HandlingFailure? failure = null;
        var hasFailed = false;
        for (var inARow = 1; ; inARow++)
        {
            var number = RetrySchedule.NextAttempt(delivery, failure?.Attempts ?? RetrySchedule.EarlierAttempts(delivery));
            var isTrial = circuit is { Outage: not null } && await EnterAsync(circuit, worker, hasFailed || number > 1, context);
            context.Reset();
            var error = await TryOnceAsync(item, worker, route, handled, number, context, isTrial ? circuit : null);
            if (error is null)
            {
                // That a message was handled before says nothing of what handlers need now.
                if (context.HasRun)
                    circuits.Succeeded(circuit, messages: 1);
                else if (isTrial)
                    circuit!.GiveUpTrial();
                return null;
            }

            var attempt = Record(number, context, delivery, error, out var isPermanent, out var policy);
            if (isPermanent || error is MessageRejectedException)
            {
                if (isTrial)
                    circuit!.GiveUpTrial();
            }
            else if (circuits.Failed(circuit, delivery, error, failure?.Attempts ?? RetrySchedule.EarlierAttempts(delivery), policy.ImmediateAttempts, isTrial))
            {
                (inARow, hasFailed) = (0, true);
                continue;
            }

            failure ??= new HandlingFailure([.. RetrySchedule.EarlierAttempts(delivery)]);
            failure.Add(attempt, isPermanent, error, policy);
            if (error is MessageRejectedException rejected)
                failure.Reject(rejected.Code, rejected.Detail);
            if (failure.IsPermanent || inARow >= policy.ImmediateAttempts)
                return failure;
            await Task.Delay(backoff.AfterAttempt(inARow, policy), time, worker.BeginFor(item.Lane));
        }
    }

    /// <inheritdoc cref="ExactlyOnceRunner.WasHandledAsync"/>
    public ValueTask<bool> WasHandledAsync(Delivery delivery, DeliveryContext context, CancellationToken cancellation) =>
        exactlyOnce.WasHandledAsync(delivery, context.Worker!, context.Patience, cancellation);

    /// <summary>Messages of a kind were handled together.</summary>
    public void Succeeded(MessageRoute route, int messages) => circuits.Succeeded(circuits.For(route), messages);

    /// <summary>Writes down, for one of several messages that were tried together, why that failed.</summary>
    public FailedAttempt Record(Delivery delivery, DeliveryContext context, Exception error) =>
        Record(delivery.EarlierDeliveries + 1, context, delivery, error, out _, out _);

    /// <summary>Whether messages of a kind wait for the end of an outage, each by itself.</summary>
    public bool IsWaiting(MessageRoute route) => circuits.For(route) is { Outage: not null };

    private static ValueTask<bool> EnterAsync(OutageCircuit circuit, LaneWorker worker, bool hasFailed, DeliveryContext context) => hasFailed
        ? worker.WaitAsync<bool>(circuit.EnterAgainAsync, context.Patience)
        : worker.WaitAsync<bool>(circuit.EnterAsync, context.Patience);

    private FailedAttempt Record(int number, DeliveryContext context, Delivery delivery, Exception error, out bool isPermanent, out RetryPolicy policy)
    {
        isPermanent = retries.IsPermanent(error, out var defect);
        policy = retries.PolicyFor(error, context.Handler, out var other);
        defect ??= other;
        var attempt = AttemptRecorder.Record(number, time.GetUtcNow(), context.Handler?.Name, error);
        if (defect is null)
            return attempt;
        SubscribingLog.ConditionFailed(logger, delivery.Envelope.Id, context.Subscription, LoggableException.Of(defect));
        return attempt with { StackTrace = $"{attempt.StackTrace}\n(a condition of its retries threw: {ExceptionChain.NameOf(defect)})" };
    }

    /// <summary>Runs the handlers once, in a unit of work where the route asks for it.</summary>
    /// <returns>What they threw, or null. That the message was taken away from this process is thrown, not returned.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Exception?> TryOnceAsync(
        LaneDelivery item, LaneWorker worker, MessageRoute route, HandledMessage handled, int number, DeliveryContext context, OutageCircuit? trial)
    {
        try
        {
            var cancellation = context.Begun ?? worker.BeginFor(item.Lane);
            return route.IsExactlyOnce
                ? await TryOnceAsync([item.Delivery], route, handled, number, context, cancellation)
                : Uncancelled(await RunAsync(item.Delivery, route, handled, number, context, cancellation), cancellation);
        }
        catch (OperationCanceledException)
        {
            trial?.GiveUpTrial();
            throw;
        }
        finally
        {
            context.Begun = null;
        }
    }

    /// <summary>Runs the handlers once for messages that are settled together; the first one is what the context shows.</summary>
    /// <returns>What they threw, or null. That the messages were taken away from this process is thrown, not returned.</returns>
    public async ValueTask<Exception?> TryOnceAsync(
        IReadOnlyList<Delivery> deliveries, MessageRoute route, HandledMessage handled, int number, DeliveryContext context, CancellationToken cancellation)
    {
        if (!route.IsExactlyOnce)
            return Uncancelled(await RunAsync(deliveries[0], route, handled, number, context, cancellation), cancellation);
        var error = await exactlyOnce.RunAsync(
            deliveries,
            work =>
            {
                context.Work = work;
                return RunAsync(deliveries[0], route, handled, number, context, cancellation);
            },
            context.Worker!,
            context.Begun ?? context.Patience,
            cancellation);
        return Uncancelled(error, cancellation);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Exception?> RunAsync(
        Delivery delivery, MessageRoute route, HandledMessage handled, int number, DeliveryContext context, CancellationToken cancellation)
    {
        Exception? error = null;
        var run = context.Begin(delivery, route, handled, number, cancellation);
        context.Watched?.Begin(context.Worker!, delivery.Envelope.Id);
        try
        {
            await pipeline(run);
        }
        catch (Exception thrown)
        {
            error = thrown;
        }

        try
        {
            await run.EndAsync();
        }
        catch (Exception thrown)
        {
            error ??= thrown;
        }

        return context.Watched?.End() == true && error is not null
            ? new HandlerTimedOutException($"{context.Handler?.Name ?? "The middleware"} took longer than the HandlerTimeout of {context.Subscription} and was cancelled.", error)
            : error;
    }

    // However a handler ends that was interrupted, by an exception of its own or of the database that it had asked: it did not fail by itself.
    private static Exception? Uncancelled(Exception? error, CancellationToken cancellation) =>
        error is not (null or HandlerTimedOutException) && cancellation.IsCancellationRequested ? throw new OperationCanceledException(cancellation) : error;
}
