// Exceptions through frames with destructors, iostreams, containers, regex, dynamic_cast, thread-local objects.
#include <algorithm>
#include <functional>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <numeric>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

struct Trace
{
    std::string name;
    explicit Trace(std::string n) : name(std::move(n)) { std::cout << "+" << name << ' '; }
    ~Trace() { std::cout << "-" << name << ' '; }
};

struct Shape
{
    virtual ~Shape() = default;
    virtual double area() const = 0;
};

struct Square : Shape
{
    double side;
    explicit Square(double s) : side(s) {}
    double area() const override { return side * side; }
};

struct Circle : Shape
{
    double radius;
    explicit Circle(double r) : radius(r) {}
    double area() const override { return 3.14159265358979 * radius * radius; }
};

static int deep(int n)
{
    Trace t("d" + std::to_string(n));
    if (n == 0)
    {
        throw std::out_of_range("bottom");
    }

    return deep(n - 1) + 1;
}

static void rethrow()
{
    try
    {
        deep(3);
    }
    catch (const std::logic_error &e)
    {
        std::cout << "| caught " << e.what() << ", again\n";
        throw std::runtime_error(std::string("outer of ") + e.what());
    }
}

int main()
{
    try
    {
        rethrow();
    }
    catch (const std::exception &e)
    {
        std::cout << "main: " << e.what() << '\n';
    }

    try
    {
        std::vector<int>().at(3);
    }
    catch (const std::out_of_range &)
    {
        std::cout << "at() threw\n";
    }

    try
    {
        throw 42;
    }
    catch (...)
    {
        std::cout << "anything\n";
    }

    std::vector<double> values(1000);
    std::iota(values.begin(), values.end(), 0.5);
    std::cout << std::setprecision(12) << std::accumulate(values.begin(), values.end(), 0.0) << ' '
              << std::inner_product(values.begin(), values.end(), values.begin(), 0.0) << ' ' << std::hex << std::showbase << 48879
              << std::dec << ' ' << std::setw(12) << std::setfill('*') << std::fixed << std::setprecision(3) << 3.14159 << '\n';

    std::map<std::string, int> counts;
    std::istringstream words("one two three two one two");
    for (std::string w; words >> w;)
    {
        counts[w]++;
    }

    for (const auto &[word, count] : counts)
    {
        std::cout << word << ':' << count << ' ';
    }

    std::cout << '\n';
    std::unordered_map<int, std::string> table;
    for (int i = 0; i < 5000; i++)
    {
        table[i * 7919 % 10007] = std::to_string(i);
    }

    size_t letters = 0;
    for (const auto &entry : table)
    {
        letters += entry.second.size();
    }

    std::cout << table.size() << ' ' << letters << '\n';
    std::vector<std::unique_ptr<Shape>> shapes;
    shapes.push_back(std::make_unique<Square>(2));
    shapes.push_back(std::make_unique<Circle>(1.5));
    for (const auto &shape : shapes)
    {
        std::cout << shape->area() << (dynamic_cast<Circle *>(shape.get()) ? " round" : " square") << ' ';
    }

    std::cout << '\n';
    std::regex date(R"((\d{4})-(\d\d)-(\d\d))");
    std::smatch match;
    std::string text = "from 2002-01-17 on";
    if (std::regex_search(text, match, date))
    {
        std::cout << match[1] << '/' << match[2] << '/' << match[3] << '\n';
    }

    std::vector<std::string> names = {"pml4", "pdpt", "pd", "pt"};
    std::sort(names.begin(), names.end(), std::greater<>());
    std::copy(names.begin(), names.end(), std::ostream_iterator<std::string>(std::cout, " "));
    std::cout << std::endl;
    return 0;
}
