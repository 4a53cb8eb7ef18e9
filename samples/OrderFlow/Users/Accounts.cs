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
        """
        CREATE TABLE IF NOT EXISTS shop_users (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            email TEXT NOT NULL,
            registered_at TEXT NOT NULL
        )
        """,
    ];

    /// <summary>Adds a user; one who is known stays as they are.</summary>
    public Task AddAsync(UserRegistered user, DateTimeOffset at, CancellationToken cancellation) =>
        database.WriteAsync(transaction => transaction.Execute(
            "INSERT INTO shop_users (user_id, name, email, registered_at) VALUES ($user, $name, $email, $at) ON CONFLICT DO NOTHING",
            ("$user", user.UserId), ("$name", user.Name), ("$email", user.Email), ("$at", at.ToString("O", CultureInfo.InvariantCulture))), cancellation);

    /// <summary>The newest users first.</summary>
    public IReadOnlyList<Account> List(int limit, long before) => database.Read(transaction => transaction.All(
        "SELECT number, user_id, name, email, registered_at FROM shop_users WHERE number < $before ORDER BY number DESC LIMIT $limit",
        row => new Account(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3),
            DateTimeOffset.Parse(row.GetString(4), CultureInfo.InvariantCulture)),
        ("$limit", limit), ("$before", before)));
}
