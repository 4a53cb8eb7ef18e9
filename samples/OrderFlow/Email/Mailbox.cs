using System.Globalization;
using OrderFlow.Storage;

namespace OrderFlow.Email;

/// <summary>The e-mails that were sent (this sample's post office is a table), and where users want to get them.</summary>
internal sealed class Mailbox(ShopDatabase database)
{
    /// <summary>The tables. That nobody gets an e-mail twice is the UNIQUE constraint's work.</summary>
    public static IReadOnlyList<string> Schema { get; } =
    [
        """
        CREATE TABLE IF NOT EXISTS shop_emails (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
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
        ) WITHOUT ROWID
        """,
    ];

    /// <summary>The newest e-mails first.</summary>
    public IReadOnlyList<SentEmail> List(int limit, long before) => database.Read(transaction => transaction.All(
        "SELECT number, kind, reference, recipient, subject, text, sent_at FROM shop_emails WHERE number < $before ORDER BY number DESC LIMIT $limit",
        row => new SentEmail(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
            DateTimeOffset.Parse(row.GetString(6), CultureInfo.InvariantCulture)),
        ("$limit", limit), ("$before", before)));

    /// <summary>Remembers where a user wants to get e-mails.</summary>
    public Task RememberAsync(string userId, string email, CancellationToken cancellation) =>
        database.WriteAsync(transaction => transaction.Execute(
            "INSERT INTO shop_addresses (user_id, email) VALUES ($user, $email) ON CONFLICT (user_id) DO UPDATE SET email = excluded.email",
            ("$user", userId), ("$email", email)), cancellation);

    /// <summary>Sends an e-mail, once.</summary>
    public Task SendAsync(Letter letter, CancellationToken cancellation) => database.WriteAsync(transaction => transaction.Execute("""
        INSERT INTO shop_emails (kind, reference, recipient, subject, text, sent_at)
        VALUES ($kind, $reference, COALESCE((SELECT email FROM shop_addresses WHERE user_id = $user), $user), $subject, $text, $at)
        ON CONFLICT DO NOTHING
        """,
        ("$kind", letter.Kind), ("$reference", letter.Reference), ("$user", letter.UserId), ("$subject", letter.Subject),
        ("$text", letter.Text), ("$at", letter.At.ToString("O", CultureInfo.InvariantCulture))), cancellation);
}
