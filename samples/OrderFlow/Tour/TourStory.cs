using System.Globalization;
using OrderFlow.Contracts;
using OrderFlow.Inventory;
using OrderFlow.Orders;
using OrderFlow.Payment;
using OrderFlow.Users;

namespace OrderFlow.Tour;

/// <summary>The story: a customer, a good order, and three that cannot be.</summary>
internal sealed class TourStory(ShopClient shop, TourGuide guide)
{
    private string _user = "";

    public async Task TellAsync()
    {
        await OpenAsync();
        await RegisterAsync();
        var good = await OrderAsync("A good order", "PROD-001", 2, 999m, OrderStatus.Paid, reason: null);
        await RetraceAsync(good);
        await ShowStockAsync("The stock again", ("PROD-001", 98));
        await OrderAsync("An order that is too large", "PROD-002", 1_000, 1_999m, OrderStatus.Rejected, RejectionReason.InsufficientStock);
        await OrderAsync("A product that nobody knows", "PROD-999", 1, 9.99m, OrderStatus.Rejected, RejectionReason.ProductNotFound);
        await OrderAsync("A payment that the bank declines", "PROD-003", 1, Ledger.Limit + 1, OrderStatus.Rejected, RejectionReason.PaymentDeclined);
        await ShowStockAsync("Only what was paid for has left the shelf", ("PROD-001", 98), ("PROD-002", 50), ("PROD-003", 200));
        await ShowEmailsAsync();
        await ShowHistoryAsync();
    }

    private Task OpenAsync() => ShowStockAsync("The shop opens", ("PROD-001", 100), ("PROD-002", 50), ("PROD-003", 200));

    private async Task RegisterAsync()
    {
        guide.Chapter("Ada registers");
        _user = (await shop.RegisterAsync(new RegisterUser("Ada", "ada@example.com"))).UserId;
        guide.Say($"POST /users  accepted as {_user}");
        var emails = await guide.WaitAsync(shop.ListEmailsAsync, emails => emails.Count == 1);
        guide.Expect(emails is [{ Kind: "welcome", To: "ada@example.com" }], "a welcome e-mail goes to ada@example.com");
    }

    private async Task<string> OrderAsync(string title, string productId, int quantity, decimal price, string status, string? reason)
    {
        guide.Chapter(string.Create(CultureInfo.InvariantCulture, $"{title}: {quantity:#,0} x {productId} at {price:#,0.00}"));
        var accepted = await shop.PlaceAsync(new PlaceOrder(_user, [new PlaceOrderItem(productId, quantity, price)]));
        guide.Say($"POST /orders  accepted as {accepted.OrderId}");
        var order = await guide.WaitAsync(
            () => shop.FindOrderAsync(accepted.OrderId), order => order.Status is OrderStatus.Paid or OrderStatus.Rejected);
        var seen = order.Reason is null ? order.Status : $"{order.Status}, {order.Reason}";
        guide.Expect(order.Status == status && order.Reason == reason, $"the order is {seen}");
        return accepted.OrderId;
    }

    private async Task RetraceAsync(string orderId)
    {
        guide.Say("how it travelled:");
        var events = await guide.WaitAsync(() => shop.ListEventsAsync($"?key={orderId}"), events => events.Count == 5);
        foreach (var seen in events)
            guide.Say($"   #{seen.Position,-4} {seen.Type,-21} by {seen.Source}");
        guide.Expect(
            events.Select(seen => seen.Type).Order(StringComparer.Ordinal).SequenceEqual(
                ["inventory.updated", "order.created", "order.status.updated", "order.status.updated", "payment.processed"]),
            "five events tell its story");
    }

    private async Task ShowStockAsync(string title, params (string ProductId, int Available)[] expected)
    {
        guide.Chapter(title);
        var stock = await guide.WaitAsync(shop.ListStockAsync, stock => expected.All(item => Has(stock, item)));
        foreach (var product in stock)
            guide.Say($"{product.ProductId}  {product.Name,-12} {product.Available,4} available, {product.Reserved} taken by orders");
        foreach (var item in expected)
            guide.Expect(Has(stock, item), $"{item.Available} of {item.ProductId} can be ordered");
    }

    private async Task ShowEmailsAsync()
    {
        guide.Chapter("The e-mails");
        var emails = await guide.WaitAsync(shop.ListEmailsAsync, emails => emails.Count == 5);
        foreach (var email in emails.Reverse())
            guide.Say($"to {email.To}: {email.Subject} ({email.Kind})");
        guide.Expect(emails.Count(email => email.Kind == "order-paid") == 1, "one order was paid");
        guide.Expect(emails.Count(email => email.Kind == "order-rejected") == 3, "three were rejected");
        guide.Expect(emails.All(email => email.To == "ada@example.com"), "all went to the customer");
    }

    private async Task ShowHistoryAsync()
    {
        guide.Chapter("The history");
        var events = await shop.ListEventsAsync();
        foreach (var type in events.CountBy(seen => seen.Type ?? "").OrderBy(type => type.Key, StringComparer.Ordinal))
            guide.Say($"{type.Value,3} x {type.Key}");
        guide.Expect(events.Count(seen => seen.Type == "order.created") == 4, "four orders were created");
        guide.Expect(events.Count(seen => seen.Type == "order.status.updated") == 6, "they changed their status six times");
        guide.Expect((await shop.ListEventsAsync("?type=payment.failed")).Count == 1, "one payment failed");
    }

    private static bool Has(IReadOnlyList<Product> stock, (string ProductId, int Available) item) =>
        stock.Any(product => product.ProductId == item.ProductId && product.Available == item.Available);
}
