using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OrderFlow.Web;

/// <summary><c>GET /events</c>, the history; <c>GET /events/stream</c>, the same live.</summary>
internal static class EventEndpoints
{
    // A page that opens shows what happened last, not everything that ever did.
    private const long ShownAtFirst = 50;

    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events", (HttpRequest request, EventHistory history, CancellationToken cancellation) =>
            EventQuery.From(request).ReadAsync(history, cancellation));
        routes.MapGet("/events/stream", OpenAsync);
    }

    private static async Task<IResult> OpenAsync(
        HttpContext http, EventHistory history, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        // A browser that lost its connection says what it saw last, and goes on there.
        var after = long.TryParse(http.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen)
            ? seen
            : Math.Max(0, await history.FindEndAsync(cancellation) - ShownAtFirst);
        return TypedResults.ServerSentEvents(StreamAsync(history, after, lifetime.ApplicationStopping, cancellation));
    }

    private static async IAsyncEnumerable<SseItem<string>> StreamAsync(
        EventHistory history, long after, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The first line tells the browser that it is connected, also when nothing happens for a while.
        yield return new SseItem<string>("", "connected");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        await using var events = history.FollowAsync(after, ended.Token).GetAsyncEnumerator(ended.Token);
        while (await MoveNextAsync(events))
        {
            yield return new SseItem<string>(JsonSerializer.Serialize(events.Current, ShopJson.Default.EventView))
            {
                EventId = events.Current.Position.ToString(CultureInfo.InvariantCulture),
            };
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<EventView> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
