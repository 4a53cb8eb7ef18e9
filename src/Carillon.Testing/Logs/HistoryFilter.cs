using Carillon.Transports;

namespace Carillon.Testing.Logs;

/// <summary>Which messages of the history a query asks for.</summary>
internal static class HistoryFilter
{
    public static bool Matches(LogQuery query, CommittedMessage message) =>
        message.Position > query.After
        && (query.Type is null || message.Envelope.Type == query.Type)
        && (query.Key is null || message.Envelope.Key == query.Key)
        && (query.CorrelationId.IsEmpty || message.Envelope.CorrelationId == query.CorrelationId)
        && (query.Since is not { } since || message.RecordedAt >= since);
}
