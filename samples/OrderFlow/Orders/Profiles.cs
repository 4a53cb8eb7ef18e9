using System.Data.Common;
using OrderFlow.Storage;

namespace OrderFlow.Orders;

/// <summary>What orders needs to know of registered users: its own copy, built from their events.</summary>
internal sealed class Profiles
{
    /// <summary>The table.</summary>
    public static IReadOnlyList<string> Schema { get; } =
    [
        """
        CREATE TABLE IF NOT EXISTS shop_profiles (
            user_id TEXT PRIMARY KEY,
            name TEXT NOT NULL
        )
        """,
    ];

    /// <summary>Creates the profile of a user.</summary>
    public Task AddAsync(string userId, string name, DbTransaction transaction, CancellationToken cancellation) => transaction.ExecuteAsync(
        "INSERT INTO shop_profiles (user_id, name) VALUES (@user, @name) ON CONFLICT (user_id) DO UPDATE SET name = excluded.name", cancellation,
        ("user", userId), ("name", name));
}
