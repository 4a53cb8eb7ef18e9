using Carillon.Transports;

namespace Carillon.Publishing;

/// <summary>Turns what a transport reported about a batch into the outcome of each message.</summary>
internal static class PublishOutcomes
{
    /// <summary>The transport answered.</summary>
    public static void Report(PublishBatch batch, IReadOnlyList<SendFailure>? failures)
    {
        if (failures is null)
            return;
        for (var i = 0; i < failures.Count; i++)
        {
            var (index, error) = failures[i];
            if ((uint)index >= (uint)batch.Count)
            {
                // Somebody's message failed and nobody knows whose: nobody may believe that theirs is stored.
                Report(batch, new InvalidOperationException($"The transport reported a failure of message {index} in a batch of {batch.Count}."));
                return;
            }

            batch.Errors[index] = error ?? (Exception)Failure(batch.Envelopes.Span[index], "the transport did not accept it.", isOutcomeUnknown: false, null);
        }
    }

    /// <summary>The transport threw: no message of the batch is known to be stored.</summary>
    public static void Report(PublishBatch batch, Exception exception)
    {
        var reason = ReasonOf(exception);
        var envelopes = batch.Envelopes.Span;
        for (var i = 0; i < envelopes.Length; i++)
            batch.Errors[i] = Failure(envelopes[i], reason, (exception as PublishFailedException)?.IsOutcomeUnknown ?? true, exception);
    }

    public static PublishFailedException Failure(in Envelope envelope, string reason, bool isOutcomeUnknown, Exception? exception)
    {
        var code = (exception as PublishFailedException)?.Code ?? ErrorCodes.PublishFailed;
        var prefix = code + ": ";
        if (reason.StartsWith(prefix, StringComparison.Ordinal))
            reason = reason[prefix.Length..];
        var advice = isOutcomeUnknown
            ? "It may be stored all the same; publish it again with the same id."
            : "It is not stored; publish it again.";
        return new PublishFailedException(code, $"{envelope.Type} {envelope.Id} was not confirmed: {reason} {advice}", isOutcomeUnknown, exception)
        {
            // What a driver threw, nobody has said to be for good.
            IsTransient = exception is PublishFailedException known ? known.IsTransient : isOutcomeUnknown,
            RetryAfter = (exception as PublishFailedException)?.RetryAfter,
        };
    }

    // Foreign code: an exception whose message throws must not end the loop that serves everybody.
    private static string ReasonOf(Exception exception)
    {
        try
        {
            return exception.Message;
        }
        catch (Exception)
        {
            return exception.GetType().ToString();
        }
    }
}
