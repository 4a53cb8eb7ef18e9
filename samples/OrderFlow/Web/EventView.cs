using System.Text.Json;

namespace OrderFlow.Web;

/// <summary>An event of the history, for people to look at.</summary>
/// <param name="Position">Where it stands in the log.</param>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its name, such as <c>order.created</c>.</param>
/// <param name="Source">The service that published it.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Key">What it is about: the order or the user.</param>
/// <param name="CorrelationId">The conversation that it belongs to.</param>
/// <param name="CausationId">The event that caused it, or empty.</param>
/// <param name="Data">What it says; null when its body is not JSON.</param>
internal sealed record EventView(
    long Position, string Id, string? Type, string? Source, DateTimeOffset Time, string? Key, string CorrelationId, string CausationId,
    JsonElement? Data);
