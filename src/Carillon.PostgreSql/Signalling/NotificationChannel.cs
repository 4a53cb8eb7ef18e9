namespace Carillon.PostgreSql;

/// <summary>Where processes that share the tables of one schema tell each other that something changed.</summary>
internal static class NotificationChannel
{
    /// <summary>The name of the channel, without quotes.</summary>
    public static string Of(string schema) => $"carillon_{SchemaName.Check(schema)}";
}
