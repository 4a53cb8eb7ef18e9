using System.Globalization;
using System.Text;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// A subscription's topics as a SQL condition. It lets through everything that <see cref="SubscriptionTopology.Accepts"/> does and little
/// else; what it lets through is asked again.
/// </summary>
internal static class MessageFilter
{
    public static string Sql(Dialect dialect, SubscriptionTopology subscription)
    {
        // A relay takes everything of its service, whatever and for whom it is.
        if (subscription.Source is { } source)
            return $"source = {Quote(source)}";
        var sql = new StringBuilder("(destination IS NULL OR destination = ").Append(Quote(subscription.Service)).Append(") AND (");
        var isFirst = true;
        if (subscription.CommandTopics.Count > 0)
        {
            sql.Append(CultureInfo.InvariantCulture, $"(kind = {(int)MessageKind.Command} AND {In(subscription.CommandTopics)})");
            isFirst = false;
        }

        var events = Events(dialect, subscription.Topics);
        if (events.Length > 0)
        {
            sql.Append(isFirst ? "" : " OR ");
            sql.Append(CultureInfo.InvariantCulture, $"((kind IS NULL OR kind <> {(int)MessageKind.Command}) AND ({events}))");
            isFirst = false;
        }

        return sql.Append(isFirst ? "1 = 0)" : ")").ToString();
    }

    /// <summary>The condition of one pattern on the column <c>topic</c>.</summary>
    public static string Sql(Dialect dialect, TopicPattern pattern)
    {
        if (!pattern.HasWildcard)
            return $"topic = {Quote(pattern.Text)}";
        var words = pattern.Text.Split('.');
        var condition = dialect.Resembles("topic", [.. words.Select(word => word == ">" ? "*" : word)]);
        // A star stands for one word: as many dots in the topic as in the pattern, unless the rest may be anything.
        return words[^1] == ">"
            ? condition
            : string.Create(CultureInfo.InvariantCulture, $"({condition} AND length(topic) - length(replace(topic, '.', '')) = {words.Length - 1})");
    }

    private static string Events(Dialect dialect, IReadOnlyList<TopicPattern> patterns)
    {
        var exact = patterns.Where(pattern => !pattern.HasWildcard).Select(pattern => pattern.Text).ToList();
        var conditions = patterns.Where(pattern => pattern.HasWildcard).Select(pattern => Sql(dialect, pattern));
        return string.Join(" OR ", exact.Count == 0 ? conditions : conditions.Prepend(In(exact)));
    }

    private static string In(IEnumerable<string> topics) => $"topic IN ({string.Join(", ", topics.Select(Quote))})";

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
