using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carillon.Transports;

namespace OrderFlow.Web;

/// <summary>The history of all events, straight from the log that carries them.</summary>
internal sealed class EventHistory(IMessageLog log, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads a page of the history.</summary>
    public async Task<IReadOnlyList<EventView>> ReadAsync(LogQuery query, CancellationToken cancellation) =>
        [.. (await log.ReadAsync(query, cancellation)).Select(View)];

    /// <summary>The first event of a type and key, and when it happened; null when there is none.</summary>
    public async Task<(TEvent Event, DateTimeOffset At)?> FindAsync<TEvent>(
        string type, string key, JsonTypeInfo<TEvent> json, CancellationToken cancellation)
        where TEvent : class
    {
        var found = await log.ReadAsync(new LogQuery { Type = type, Key = key, Limit = 1 }, cancellation);
        return found is [var message] && Read(message.Envelope.Body, json) is { } body ? (body, message.Envelope.Time) : null;
    }

    /// <summary>Reads everything after a position, and then everything that is published, until cancelled.</summary>
    public async IAsyncEnumerable<EventView> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var page = await log.ReadAsync(new LogQuery { After = after }, cancellation);
            foreach (var message in page)
            {
                yield return View(message);
                after = message.Position;
            }

            if (page.Count == 0)
                await Task.Delay(LookAgain, time, cancellation);
        }
    }

    /// <summary>The position of the newest event, 0 when there is none: doubles the step while something lies ahead, then halves it.</summary>
    public async Task<long> FindEndAsync(CancellationToken cancellation)
    {
        var (end, step) = (0L, 1L);
        for (; await FirstAfterAsync(end + step - 1, cancellation) is { } ahead; step *= 2)
            end = ahead;
        for (; step >= 1; step /= 2)
        {
            if (await FirstAfterAsync(end + step - 1, cancellation) is { } ahead)
                end = ahead;
        }

        return end;
    }

    private async Task<long?> FirstAfterAsync(long position, CancellationToken cancellation) =>
        await log.ReadAsync(new LogQuery { After = position, Limit = 1 }, cancellation) is [var message] ? message.Position : null;

    private static EventView View(LoggedMessage message) => new(
        message.Position, message.Envelope.Id.ToString(), message.Envelope.Type, message.Envelope.Source, message.Envelope.Time,
        message.Envelope.Key, message.Envelope.CorrelationId.ToString(), message.Envelope.CausationId.ToString(), Data(message.Envelope.Body));

    // Anybody may have written to the file: what cannot be read is no event of this shop.
    private static TEvent? Read<TEvent>(ReadOnlyMemory<byte> body, JsonTypeInfo<TEvent> json)
        where TEvent : class
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Data(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonElement.Parse(body.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
