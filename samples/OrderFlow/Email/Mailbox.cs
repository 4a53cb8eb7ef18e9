using System.Data.Common;
using System.Globalization;
using OrderFlow.Storage;

namespace OrderFlow.Email;

/// <summary>The e-mails that were sent (this sample's post office is a table), and where users want to get them.</summary>
internal sealed class Mailbox(ShopDatabase database)
{
    /// <summary>The tables.</summary>
    public static IReadOnlyList<string> Schema { get; } =
    [
        $"""
        CREATE TABLE IF NOT EXISTS shop_emails (
            number {ShopDatabase.RunningNumber},
            kind TEXT NOT NULL,
            reference TEXT NOT NULL,
            recipient TEXT NOT NULL,
            subject TEXT NOT NULL,
            text TEXT NOT NULL,
            sent_at TEXT NOT NULL,
            UNIQUE (kind, reference)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS shop_addresses (
            user_id TEXT PRIMARY KEY,
            email TEXT NOT NULL
        )
        """,
    ];

    /// <summary>The newest e-mails first.</summary>
    public Task<IReadOnlyList<SentEmail>> ListAsync(int limit, long before, CancellationToken cancellation) => database.ReadAsync(
        "SELECT number, kind, reference, recipient, subject, text, sent_at FROM shop_emails WHERE number < @before ORDER BY number DESC LIMIT @limit",
        row => new SentEmail(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
            DateTimeOffset.Parse(row.GetString(6), CultureInfo.InvariantCulture)),
        cancellation, ("limit", limit), ("before", before));

    /// <summary>Remembers where a user wants to get e-mails.</summary>
    public Task RememberAsync(string userId, string email, DbTransaction transaction, CancellationToken cancellation) => transaction.ExecuteAsync(
        "INSERT INTO shop_addresses (user_id, email) VALUES (@user, @email) ON CONFLICT (user_id) DO UPDATE SET email = excluded.email", cancellation,
        ("user", userId), ("email", email));

    /// <summary>Sends an e-mail.</summary>
    public Task SendAsync(Letter letter, DbTransaction transaction, CancellationToken cancellation) => transaction.ExecuteAsync("""
        INSERT INTO shop_emails (kind, reference, recipient, subject, text, sent_at)
        VALUES (@kind, @reference, COALESCE((SELECT email FROM shop_addresses WHERE user_id = @user), @user), @subject, @text, @at)
        """, cancellation,
        ("kind", letter.Kind), ("reference", letter.Reference), ("user", letter.UserId), ("subject", letter.Subject),
        ("text", letter.Text), ("at", letter.At.ToString("O", CultureInfo.InvariantCulture)));
}
