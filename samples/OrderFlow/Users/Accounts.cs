using System.Data.Common;
using System.Globalization;
using OrderFlow.Contracts;
using OrderFlow.Storage;

namespace OrderFlow.Users;

/// <summary>The registered users.</summary>
internal sealed class Accounts(ShopDatabase database)
{
    /// <summary>The table.</summary>
    public static IReadOnlyList<string> Schema { get; } =
    [
        $"""
        CREATE TABLE IF NOT EXISTS shop_users (
            number {ShopDatabase.RunningNumber},
            user_id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            email TEXT NOT NULL,
            registered_at TEXT NOT NULL
        )
        """,
    ];

    /// <summary>Adds a user.</summary>
    public Task AddAsync(UserRegistered user, DateTimeOffset at, DbTransaction transaction, CancellationToken cancellation) =>
        transaction.ExecuteAsync("INSERT INTO shop_users (user_id, name, email, registered_at) VALUES (@user, @name, @email, @at)", cancellation,
            ("user", user.UserId), ("name", user.Name), ("email", user.Email), ("at", at.ToString("O", CultureInfo.InvariantCulture)));

    /// <summary>The newest users first.</summary>
    public Task<IReadOnlyList<Account>> ListAsync(int limit, long before, CancellationToken cancellation) => database.ReadAsync(
        "SELECT number, user_id, name, email, registered_at FROM shop_users WHERE number < @before ORDER BY number DESC LIMIT @limit",
        row => new Account(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3),
            DateTimeOffset.Parse(row.GetString(4), CultureInfo.InvariantCulture)),
        cancellation, ("limit", limit), ("before", before));
}
