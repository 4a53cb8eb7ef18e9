using Carillon.Relational;
using Carillon.Transports;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests;

public sealed class MessageFilterTests
{
    private static readonly string[] Words = ["a", "b", "order", "created", "x-1", "Y_2", "*", ">"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sql_ShouldLetThroughWhatThePatternMatches_WhenPatternsAreRandom(int seed)
    {
        var random = new Random(seed);
        using var connection = Connect();
        for (var i = 0; i < 300; i++)
        {
            var pattern = TopicPattern.Parse(RandomPattern(random));
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT count(*) FROM (SELECT @topic AS topic) WHERE {MessageFilter.Sql(SqliteDialect.Instance, pattern)}";
            var parameter = command.Parameters.AddWithValue("@topic", "");
            for (var j = 0; j < 30; j++)
            {
                var topic = RandomTopic(random);
                parameter.Value = topic;
                var (found, matches) = ((long)command.ExecuteScalar()! == 1, pattern.Matches(topic));
                // Where a star stands before the final ">", SQL lets a little more through, and the reader asks the pattern itself.
                Assert.True(found == matches || (found && pattern.Text.Contains('*') && pattern.Text.EndsWith('>')), $"seed {seed}: pattern {pattern}, topic {topic}");
            }
        }
    }

    [Theory]
    [InlineData("order.>", "order.", false)]
    [InlineData("order.>", "order.a..b", true)]
    [InlineData("order.*", "order..", false)]
    [InlineData("order.*", "ordér.x", false)]
    [InlineData("a.b", "A.B", false)]
    public void Sql_ShouldAgreeWithThePattern_WhenTopicsAreOdd(string text, string topic, bool expected)
    {
        var pattern = TopicPattern.Parse(text);
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM (SELECT @topic AS topic) WHERE {MessageFilter.Sql(SqliteDialect.Instance, pattern)}";
        command.Parameters.AddWithValue("@topic", topic);
        Assert.Equal((expected, expected), ((long)command.ExecuteScalar()! == 1, pattern.Matches(topic)));
    }

    private static SqliteConnection Connect()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection;
    }

    private static string RandomPattern(Random random)
    {
        var words = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Words[random.Next(Words.Length - 1)]).ToList();
        if (random.Next(3) == 0)
            words[^1] = ">";
        return string.Join('.', words);
    }

    private static string RandomTopic(Random random) => string.Join('.', Enumerable.Range(0, random.Next(1, 6)).Select(_ => Words[random.Next(Words.Length - 2)]));
}
