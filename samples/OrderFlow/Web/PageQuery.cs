using System.Globalization;

namespace OrderFlow.Web;

/// <summary>Which part of a list is wanted: <c>?limit=</c>, and <c>?before=</c> with the number of the last one seen.</summary>
internal sealed record PageQuery(string? Limit, string? Before)
{
    private const int MaxLimit = 10_000;
    private const int DefaultLimit = 1_000;

    /// <summary>Takes the query of a request.</summary>
    public static PageQuery From(HttpRequest request) => new(request.Query["limit"], request.Query["before"]);

    /// <summary>Reads the list, or answers 400.</summary>
    public async Task<IResult> ReadAsync<T>(Func<int, long, CancellationToken, Task<IReadOnlyList<T>>> list, CancellationToken cancellation)
    {
        var mistakes = new Mistakes();
        var limit = (int)Number("limit", Limit, DefaultLimit, MaxLimit, mistakes);
        var before = Number("before", Before, long.MaxValue, long.MaxValue, mistakes);
        return mistakes.Any ? mistakes.ToProblem() : TypedResults.Ok(await list(limit, before, cancellation));
    }

    /// <summary>Reads a whole number of a query, from 1 on.</summary>
    public static long Number(string name, string? text, long unless, long max, Mistakes mistakes)
    {
        if (string.IsNullOrEmpty(text))
            return unless;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max)
            return number;
        mistakes.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from 1 to {max}"));
        return unless;
    }
}
