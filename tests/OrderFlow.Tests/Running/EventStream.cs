using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace OrderFlow.Tests.Running;

/// <summary>The shop's server-sent events, as a browser reads them.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _items;
    private readonly CancellationTokenSource _patience;

    private EventStream(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _patience.CancelAfter(TimeSpan.FromSeconds(60));
        _items = SseParser.Create(body).EnumerateAsync(_patience.Token).GetAsyncEnumerator(_patience.Token);
    }

    public string? ContentType => _response.Content.Headers.ContentType?.MediaType;

    /// <summary>Connects, and waits until the shop says so.</summary>
    public static async Task<EventStream> OpenAsync(HttpClient http, long? lastEventId = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events/stream");
        if (lastEventId is { } position)
            request.Headers.Add("Last-Event-ID", position.ToString(CultureInfo.InvariantCulture));
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var stream = new EventStream(response, await response.Content.ReadAsStreamAsync(cancellation));
        Assert.True(await stream._items.MoveNextAsync());
        Assert.Equal("connected", stream._items.Current.EventType);
        return stream;
    }

    /// <summary>Reads until an event is as expected.</summary>
    public async Task<JsonNode> ReadUntilAsync(Func<JsonNode, bool> isSo)
    {
        while (await _items.MoveNextAsync())
        {
            var seen = JsonNode.Parse(_items.Current.Data)!;
            if (isSo(seen))
                return seen;
        }

        throw new InvalidOperationException("The stream ended.");
    }

    public void Dispose()
    {
        _response.Dispose();
        _patience.Dispose();
    }
}
