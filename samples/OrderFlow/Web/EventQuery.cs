using System.Globalization;
using Carillon.Transports;

namespace OrderFlow.Web;

/// <summary>
/// Which part of the history is wanted: <c>?type=</c> and <c>?key=</c>; <c>?since=</c> a time; <c>?after=</c> the position of the last
/// event seen; <c>?limit=</c>. Oldest first.
/// </summary>
internal sealed record EventQuery(string? Type, string? Key, string? Since, string? After, string? Limit)
{
    private const int MaxLimit = 1_000;

    /// <summary>Takes the query of a request.</summary>
    public static EventQuery From(HttpRequest request) => new(
        request.Query["type"], request.Query["key"], request.Query["since"], request.Query["after"], request.Query["limit"]);

    /// <summary>Reads the history, or answers 400.</summary>
    public async Task<IResult> ReadAsync(EventHistory history, CancellationToken cancellation)
    {
        var mistakes = new Mistakes();
        var query = new LogQuery
        {
            Type = Text(Type),
            Key = Text(Key),
            Since = Time(mistakes),
            After = PageQuery.Number("after", After == "0" ? null : After, unless: 0, long.MaxValue, mistakes),
            Limit = (int)PageQuery.Number("limit", Limit, unless: MaxLimit, MaxLimit, mistakes),
        };
        return mistakes.Any ? mistakes.ToProblem() : TypedResults.Ok(await history.ReadAsync(query, cancellation));
    }

    private DateTimeOffset? Time(Mistakes mistakes)
    {
        if (Text(Since) is not { } text)
            return null;
        // "+02:00" loses its plus sign in a query that was not escaped.
        if (TryParse(text, out var time) || TryParse(text.Replace(' ', '+'), out time))
            return time;
        mistakes.Add("since", "must be a time, such as 2026-11-21T12:00:00Z");
        return null;
    }

    private static bool TryParse(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
