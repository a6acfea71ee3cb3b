<?xml version="1.0" encoding="UTF-8"?>
<!--
  The answers of USOS API about one learner, in the XML form of JSON, to ELMO 1.7: a course in a term is a Course, a unit
  of it with a grade of its own a Class below. Owner: the hub; an institution changes code-tables.xml.
-->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:f="urn:emrexhub:functions:1"
    xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    expand-text="yes"
    exclude-result-prefixes="#all">

  <xsl:import href="../../elmo/functions.xsl"/>

  <xsl:param name="today" as="xs:string"/>
  <xsl:param name="issuer-schac" as="xs:string" select="''"/>
  <xsl:param name="issuer-erasmus" as="xs:string" select="''"/>
  <xsl:param name="issuer-title" as="xs:string" select="''"/>
  <xsl:param name="issuer-title-en" as="xs:string" select="''"/>
  <xsl:param name="issuer-url" as="xs:string" select="''"/>

  <xsl:variable name="tables" as="document-node()" select="doc('code-tables.xml')"/>
  <xsl:variable name="answers" as="element(j:map)*" select="/j:map/j:array[@key = 'answers']/j:map"/>
  <xsl:variable name="user" as="element(j:map)?" select="f:answer('user', ())"/>
  <xsl:variable name="editions" as="element(j:map)*" select="f:answer('courses', ())/j:map[@key = 'course_editions']/j:array/j:map"/>
  <xsl:variable name="grades" as="element(j:map)*" select="f:answer('grades', ())/j:map/j:map"/>
  <!-- A course that has only grades counts as much as one that the learner is enrolled in. -->
  <xsl:variable name="courses" as="element(j:map)*" select="$editions, $grades[not(f:ref(.) = $editions/f:ref(.))]"/>

  <xsl:key name="grades" match="j:map[@key]" use="concat(../@key, '/', @key)"/>

  <xsl:mode name="los" on-no-match="fail"/>
  <xsl:mode name="class" on-no-match="fail"/>

  <xsl:template match="/">
    <xsl:call-template name="check-answers"/>
    <xsl:variable name="kept" select="$courses[empty(f:skip-rule(.))]"/>
    <hub:result>
      <xsl:apply-templates mode="learner" select="$user"/>
      <xsl:if test="exists($kept)">
        <report>
          <issuer>
            <country>PL</country>
            <xsl:for-each select="$issuer-schac[. ne '']">
              <identifier type="schac">{.}</identifier>
            </xsl:for-each>
            <xsl:for-each select="$issuer-erasmus[. ne '']">
              <identifier type="erasmus">{.}</identifier>
            </xsl:for-each>
            <title xml:lang="pl">{$issuer-title}</title>
            <xsl:for-each select="$issuer-title-en[. ne '']">
              <title xml:lang="en">{.}</title>
            </xsl:for-each>
            <url>{$issuer-url}</url>
          </issuer>
          <xsl:apply-templates mode="los" select="$kept"/>
          <issueDate>{$today}T00:00:00Z</issueDate>
          <xsl:call-template name="grading-schemes">
            <xsl:with-param name="results" select="$kept ! (f:result(f:sessions(.)), f:units(.) ! f:result(f:unit-sessions(.)))"/>
          </xsl:call-template>
        </report>
      </xsl:if>
      <xsl:for-each select="$kept">
        <hub:mapped ref="{f:ref(.)}"/>
      </xsl:for-each>
      <xsl:for-each select="$courses except $kept">
        <hub:skipped ref="{f:ref(.)}" rule="{f:skip-rule(.)}"/>
      </xsl:for-each>
      <xsl:for-each select="$courses">
        <xsl:variable name="course" select="."/>
        <xsl:for-each select="f:units(.)">
          <xsl:variable name="rule" select="f:unit-rule($course, .)"/>
          <xsl:choose>
            <xsl:when test="empty($rule)">
              <hub:mapped ref="{f:unit-ref(.)}"/>
            </xsl:when>
            <xsl:otherwise>
              <hub:skipped ref="{f:unit-ref(.)}" rule="{$rule}"/>
            </xsl:otherwise>
          </xsl:choose>
        </xsl:for-each>
      </xsl:for-each>
      <xsl:for-each select="$kept">
        <xsl:call-template name="findings"/>
      </xsl:for-each>
      <xsl:for-each select="$courses[f:skip-rule(.) = 'only-units-graded']">
        <hub:finding ref="{f:ref(.)}" rule="only-units-graded" severity="warning"/>
      </xsl:for-each>
    </hub:result>
  </xsl:template>

  <!-- An answer of another shape, such as an error with status 200, would otherwise count as no courses or no grades. -->
  <xsl:template name="check-answers">
    <xsl:variable name="terms" select="f:answer('courses', ())/j:array[@key = 'terms']/j:map"/>
    <xsl:if test="empty(f:text($user, 'id'))">
      <xsl:sequence select="f:unreadable('there is no answer of users/user')"/>
    </xsl:if>
    <xsl:if test="empty(f:answer('courses', ())) or exists(f:answers('courses')[not(f:has-courses(.))])">
      <xsl:sequence select="f:unreadable('the answer of courses/user has no course_editions or no terms')"/>
    </xsl:if>
    <xsl:if test="empty(f:answer('credits', ())) or exists(f:answers('credits')[not(f:holds-maps(j:map[@key = 'answer']))])">
      <xsl:sequence select="f:unreadable('the answer of courses/user_ects_points is not by term')"/>
    </xsl:if>
    <xsl:if test="exists($editions) and empty(f:answer('grades', ())) or exists(f:answers('grades')[not(f:has-grades(.))])">
      <xsl:sequence select="f:unreadable('the answer of grades/terms2 is not by term and course')"/>
    </xsl:if>
    <xsl:if test="exists(f:answers('course')[empty(j:map[@key = 'answer']/j:map[@key = 'name'])])">
      <xsl:sequence select="f:unreadable('an answer of courses/course has no name')"/>
    </xsl:if>
    <xsl:if test="exists(f:answers('grade-type')[empty(j:map[@key = 'answer']/j:array[@key = 'values'])])">
      <xsl:sequence select="f:unreadable('an answer of grades/grade_type has no values')"/>
    </xsl:if>
    <xsl:if test="exists(f:text($user, 'birth_date')[not(f:is-date(.))])">
      <xsl:sequence select="f:unreadable('birth_date is no date')"/>
    </xsl:if>
    <xsl:if test="exists($terms ! (f:text(., 'start_date'), f:text(., 'end_date'))[not(f:is-date(.))])">
      <xsl:sequence select="f:unreadable('start_date or end_date of a term is no date')"/>
    </xsl:if>
  </xsl:template>

  <xsl:template mode="learner" match="j:map">
    <hub:learner>
      <xsl:for-each select="f:text(., 'pesel')">
        <hub:identifier type="nationalIdentifier">{.}</hub:identifier>
      </xsl:for-each>
      <xsl:for-each select="f:text(., 'student_number')">
        <hub:identifier type="studentNumber">{.}</hub:identifier>
      </xsl:for-each>
      <xsl:for-each select="string-join((f:text(., 'first_name'), f:text(., 'middle_names')), ' ')[. ne '']">
        <hub:givenNames>{.}</hub:givenNames>
      </xsl:for-each>
      <xsl:for-each select="f:text(., 'last_name')">
        <hub:familyName>{.}</hub:familyName>
      </xsl:for-each>
      <xsl:for-each select="f:text(., 'birth_date')">
        <hub:bday>{.}</hub:bday>
      </xsl:for-each>
      <xsl:for-each select="f:text(., 'sex')">
        <hub:gender>{f:row($tables, 'sexes', .)/@gender}</hub:gender>
      </xsl:for-each>
      <xsl:for-each select="f:elmo-country(f:text(., 'citizenship'))">
        <hub:citizenship>{.}</hub:citizenship>
      </xsl:for-each>
    </hub:learner>
  </xsl:template>

  <!-- A course in a term. -->
  <xsl:template mode="los" match="j:map">
    <xsl:variable name="course" select="."/>
    <xsl:variable name="result" select="f:result(f:sessions(.))"/>
    <learningOpportunitySpecification>
      <identifier type="local">{f:course-id(.)}</identifier>
      <xsl:call-template name="titles"/>
      <type>Course</type>
      <specifies>
        <learningOpportunityInstance>
          <identifier type="local">{f:ref(.)}</identifier>
          <xsl:for-each select="$result ! f:date(.)">
            <date>{.}</date>
          </xsl:for-each>
          <xsl:call-template name="term"/>
          <status>{if (exists($result)) then 'passed' else 'in-progress'}</status>
          <xsl:call-template name="grade">
            <xsl:with-param name="result" select="$result"/>
          </xsl:call-template>
          <xsl:for-each select="$result ! f:credits($course)">
            <credit>
              <scheme>ects</scheme>
              <value>{.}</value>
            </credit>
          </xsl:for-each>
          <xsl:for-each select="f:text(f:answer('course', f:course-id(.)), 'lang_id')">
            <languageOfInstruction>{f:row($tables, 'languages', .)/@iso}</languageOfInstruction>
          </xsl:for-each>
        </learningOpportunityInstance>
      </specifies>
      <xsl:for-each select="f:units(.)[empty(f:unit-rule($course, .))]">
        <hasPart>
          <xsl:apply-templates mode="class" select=".">
            <xsl:with-param name="course" select="$course"/>
          </xsl:apply-templates>
        </hasPart>
      </xsl:for-each>
    </learningOpportunitySpecification>
  </xsl:template>

  <!-- A unit: never with credits, which USOS gives to the course (ELMO 1.7: a node with credits, none above or below). -->
  <xsl:template mode="class" match="j:array | j:map">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:variable name="result" select="f:result(f:unit-sessions(.))"/>
    <xsl:variable name="kind" select="f:unit-group($course, .)/j:map[@key = 'class_type']"/>
    <learningOpportunitySpecification>
      <identifier type="local">{f:course-id($course)}/{@key}</identifier>
      <xsl:for-each select="f:text($kind, 'pl')">
        <title xml:lang="pl">{.}</title>
      </xsl:for-each>
      <xsl:for-each select="f:text($kind, 'en')">
        <title xml:lang="en">{.}</title>
      </xsl:for-each>
      <xsl:if test="empty((f:text($kind, 'pl'), f:text($kind, 'en')))">
        <xsl:for-each select="$course">
          <xsl:call-template name="titles"/>
        </xsl:for-each>
      </xsl:if>
      <type>Class</type>
      <specifies>
        <learningOpportunityInstance>
          <identifier type="local">{f:unit-ref(.)}</identifier>
          <xsl:for-each select="f:date($result)">
            <date>{.}</date>
          </xsl:for-each>
          <status>passed</status>
          <xsl:call-template name="grade">
            <xsl:with-param name="result" select="$result"/>
          </xsl:call-template>
        </learningOpportunityInstance>
      </specifies>
    </learningOpportunitySpecification>
  </xsl:template>

  <xsl:template name="titles">
    <xsl:variable name="name" select="j:map[@key = 'course_name'], f:answer('course', f:course-id(.))/j:map[@key = 'name']"/>
    <xsl:variable name="polish" select="($name ! f:text(., 'pl'))[1]"/>
    <xsl:variable name="english" select="($name ! f:text(., 'en'))[1]"/>
    <xsl:for-each select="$polish">
      <title xml:lang="pl">{.}</title>
    </xsl:for-each>
    <xsl:for-each select="$english">
      <title xml:lang="en">{.}</title>
    </xsl:for-each>
    <xsl:if test="empty(($polish, $english))">
      <title>{f:course-id(.)}</title>
    </xsl:if>
  </xsl:template>

  <xsl:template name="term">
    <xsl:variable name="term" select="f:term(.)"/>
    <xsl:if test="f:is-whole($term)">
      <academicTerm>
        <xsl:for-each select="f:text($term/j:map[@key = 'name'], 'pl')">
          <title xml:lang="pl">{.}</title>
        </xsl:for-each>
        <xsl:for-each select="f:text($term/j:map[@key = 'name'], 'en')">
          <title xml:lang="en">{.}</title>
        </xsl:for-each>
        <start>{f:text($term, 'start_date')}</start>
        <end>{f:text($term, 'end_date')}</end>
      </academicTerm>
    </xsl:if>
  </xsl:template>

  <xsl:template name="grade">
    <xsl:param name="result" as="element(j:map)?"/>
    <xsl:for-each select="$result ! f:type-id(.)">
      <gradingSchemeLocalId>grade-type-{.}</gradingSchemeLocalId>
    </xsl:for-each>
    <xsl:for-each select="$result ! f:text(., 'value_symbol')">
      <resultLabel>{.}</resultLabel>
    </xsl:for-each>
  </xsl:template>

  <!-- The scale as the installation describes it, lowest value first. -->
  <xsl:template name="grading-schemes">
    <xsl:param name="results" as="element(j:map)*"/>
    <xsl:for-each select="distinct-values($results ! f:type-id(.))">
      <xsl:variable name="type" select="f:answer('grade-type', .)"/>
      <gradingScheme localId="grade-type-{.}">
        <xsl:for-each select="('pl', 'en')[exists(f:text($type/j:map[@key = 'name'], .))]">
          <xsl:variable name="language" select="."/>
          <xsl:variable name="values" as="xs:string*">
            <xsl:for-each select="$type/j:array[@key = 'values']/j:map">
              <xsl:sort select="number(j:*[@key = 'order_key'])"/>
              <xsl:sequence select="string-join((f:text(., 'symbol'), f:text(j:map[@key = 'name'], $language) ! ('(' || . || ')')), ' ')"/>
            </xsl:for-each>
          </xsl:variable>
          <description xml:lang="{.}">{f:text($type/j:map[@key = 'name'], .)}: {string-join($values, ', ')}</description>
        </xsl:for-each>
        <xsl:if test="empty($type/j:map[@key = 'name']/j:string)">
          <description>{.}</description>
        </xsl:if>
      </gradingScheme>
    </xsl:for-each>
  </xsl:template>

  <!-- Of a course that is mapped. -->
  <xsl:template name="findings">
    <xsl:variable name="course" select="."/>
    <xsl:variable name="result" select="f:result(f:sessions(.))"/>
    <xsl:if test="exists($result) and empty(f:credits(.))">
      <hub:finding ref="{f:ref(.)}" rule="credits-missing" severity="warning"/>
    </xsl:if>
    <xsl:if test="exists($result) and empty(f:date($result))">
      <hub:finding ref="{f:ref(.)}" rule="date-missing" severity="warning"/>
    </xsl:if>
    <xsl:if test="exists($result) and not(f:is-in-scale($result))">
      <hub:finding ref="{f:ref(.)}" rule="grade-not-in-scale" severity="warning"/>
    </xsl:if>
    <xsl:if test="empty($editions intersect .)">
      <hub:finding ref="{f:ref(.)}" rule="grades-only" severity="warning"/>
    </xsl:if>
    <xsl:if test="not(f:is-whole(f:term(.)))">
      <hub:finding ref="{f:ref(.)}" rule="term-incomplete" severity="info"/>
    </xsl:if>
    <xsl:for-each select="f:units(.)[empty(f:unit-rule($course, .))]">
      <xsl:if test="empty(f:unit-group($course, .)/j:map[@key = 'class_type']/j:string)">
        <hub:finding ref="{f:unit-ref(.)}" rule="unit-title-missing" severity="info"/>
      </xsl:if>
      <xsl:if test="empty(f:date(f:result(f:unit-sessions(.))))">
        <hub:finding ref="{f:unit-ref(.)}" rule="date-missing" severity="info"/>
      </xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:function name="f:answer" as="element(j:map)*">
    <xsl:param name="question" as="xs:string"/>
    <xsl:param name="about" as="xs:string?"/>
    <xsl:sequence select="$answers[j:string[@key = 'question'] = $question][empty($about) or j:string[@key = 'about'] = $about]
        /j:map[@key = 'answer']"/>
  </xsl:function>

  <!-- The same as they came, whatever their shape. -->
  <xsl:function name="f:answers" as="element(j:map)*">
    <xsl:param name="question" as="xs:string"/>
    <xsl:sequence select="$answers[j:string[@key = 'question'] = $question]"/>
  </xsl:function>

  <xsl:function name="f:has-courses" as="xs:boolean">
    <xsl:param name="entry" as="element(j:map)"/>
    <xsl:variable name="answer" select="$entry/j:map[@key = 'answer']"/>
    <xsl:sequence select="exists($answer/j:array[@key = 'terms'][empty(* except j:map)])
        and exists($answer/j:map[@key = 'course_editions']
          [every $term in * satisfies exists($term[self::j:array][empty(* except j:map[j:string/@key = 'course_id'])])])"/>
  </xsl:function>

  <xsl:function name="f:has-grades" as="xs:boolean">
    <xsl:param name="entry" as="element(j:map)"/>
    <xsl:variable name="answer" select="$entry/j:map[@key = 'answer']"/>
    <xsl:sequence select="f:holds-maps($answer)
        and (every $term in $answer/j:map satisfies f:holds-maps($term))
        and (every $course in $answer/j:map/j:map satisfies
          exists($course/(j:array | j:map | j:null)[@key = 'course_grades'])
          and exists($course/(j:map | j:null | j:array[empty(*)])[@key = 'course_units_grades'][empty(j:string | j:number | j:boolean)]))"/>
  </xsl:function>

  <!-- Whether it is there, and holds nothing but maps; null is none. -->
  <xsl:function name="f:holds-maps" as="xs:boolean">
    <xsl:param name="map" as="element()?"/>
    <xsl:sequence select="exists($map/self::j:map[empty(* except (j:map, j:null))])"/>
  </xsl:function>

  <xsl:function name="f:unreadable" as="xs:string?">
    <xsl:param name="fault" as="xs:string"/>
    <xsl:message terminate="yes" error-code="answer_unreadable">{$fault}</xsl:message>
  </xsl:function>

  <!-- A field's text; null and empty are none. -->
  <xsl:function name="f:text" as="xs:string?">
    <xsl:param name="map" as="element(j:map)*"/>
    <xsl:param name="name" as="xs:string"/>
    <xsl:sequence select="($map/(j:string | j:number)[@key = $name] ! normalize-space(.)[. ne ''])[1]"/>
  </xsl:function>

  <!-- Term and course: an edition stands in a list of its term, grades by term and course. -->
  <xsl:function name="f:ref" as="xs:string">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:sequence select="concat($course/../@key, '/', f:course-id($course))"/>
  </xsl:function>

  <xsl:function name="f:course-id" as="xs:string">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:sequence select="string(($course[parent::j:array]/j:string[@key = 'course_id'], $course/@key)[1])"/>
  </xsl:function>

  <xsl:function name="f:unit-ref" as="xs:string">
    <xsl:param name="unit" as="element()"/>
    <xsl:sequence select="string-join(($unit/../../../@key, $unit/../../@key, $unit/@key), '/')"/>
  </xsl:function>

  <xsl:function name="f:grades" as="element(j:map)?">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:sequence select="key('grades', f:ref($course), root($course)) intersect $grades"/>
  </xsl:function>

  <xsl:function name="f:units" as="element()*">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:sequence select="f:grades($course)/j:map[@key = 'course_units_grades']/*"/>
  </xsl:function>

  <!-- The grades of a course or unit, in the order of the exam sessions, which are the keys. -->
  <xsl:function name="f:sessions" as="element(j:map)*">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:sequence select="f:in-order(f:grades($course)/j:*[@key = 'course_grades'])"/>
  </xsl:function>

  <xsl:function name="f:unit-sessions" as="element(j:map)*">
    <xsl:param name="unit" as="element()"/>
    <xsl:sequence select="f:in-order($unit)"/>
  </xsl:function>

  <xsl:function name="f:in-order" as="element(j:map)*">
    <xsl:param name="grades" as="element()*"/>
    <xsl:variable name="sessions" select="$grades/(self::j:array/j:map | self::j:map)/j:map[@key]"/>
    <xsl:if test="exists($sessions[empty(j:boolean[@key = 'passes'])])">
      <xsl:sequence select="f:unreadable('a grade does not say whether it passes')"/>
    </xsl:if>
    <xsl:perform-sort select="$sessions">
      <xsl:sort select="number(@key)"/>
    </xsl:perform-sort>
  </xsl:function>

  <!-- The last session that was passed. -->
  <xsl:function name="f:result" as="element(j:map)?">
    <xsl:param name="sessions" as="element(j:map)*"/>
    <xsl:sequence select="$sessions[j:boolean[@key = 'passes'] = 'true'][last()]"/>
  </xsl:function>

  <xsl:function name="f:skip-rule" as="xs:string?">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:variable name="sessions" select="f:sessions($course)"/>
    <xsl:variable name="end" select="f:text(f:term($course), 'end_date')"/>
    <xsl:sequence select="
        if (exists(f:result($sessions))) then ()
        else if (exists($sessions)) then 'not-passed'
        else if (exists($end) and $end ge $today) then ()
        else if (exists(f:units($course) ! f:result(f:unit-sessions(.)))) then 'only-units-graded'
        else 'no-grade'"/>
  </xsl:function>

  <xsl:function name="f:unit-rule" as="xs:string?">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:param name="unit" as="element()"/>
    <xsl:variable name="sessions" select="f:unit-sessions($unit)"/>
    <xsl:sequence select="
        if (exists(f:skip-rule($course))) then 'unit-of-skipped-course'
        else if (empty($sessions)) then 'unit-without-grade'
        else 'unit-not-passed'[empty(f:result($sessions))]"/>
  </xsl:function>

  <xsl:function name="f:unit-group" as="element(j:map)?">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:param name="unit" as="element()"/>
    <xsl:sequence select="($course/j:array[@key = 'user_groups']/j:map[j:*[@key = 'course_unit_id'] = $unit/@key])[1]"/>
  </xsl:function>

  <xsl:function name="f:term" as="element(j:map)?">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:sequence select="(f:answer('courses', ())/j:array[@key = 'terms']/j:map[j:string[@key = 'id'] = $course/../@key])[1]"/>
  </xsl:function>

  <xsl:function name="f:is-whole" as="xs:boolean">
    <xsl:param name="term" as="element(j:map)?"/>
    <xsl:sequence select="exists($term/j:map[@key = 'name']/j:string[. ne ''])
        and exists(f:text($term, 'start_date')) and exists(f:text($term, 'end_date'))"/>
  </xsl:function>

  <xsl:function name="f:date" as="xs:string?">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:variable name="date" select="(f:text($result, 'date_acquisition'), f:text($result, 'date_modified'))[1] ! substring(., 1, 10)"/>
    <xsl:sequence select="if (exists($date) and not(f:is-date($date))) then f:unreadable('the date of a grade is none') else $date"/>
  </xsl:function>

  <xsl:function name="f:type-id" as="xs:string?">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:sequence select="f:text($result, 'grade_type_id')"/>
  </xsl:function>

  <xsl:function name="f:is-in-scale" as="xs:boolean">
    <xsl:param name="result" as="element(j:map)"/>
    <xsl:sequence select="empty(f:type-id($result))
        or f:text($result, 'value_symbol') = f:answer('grade-type', f:type-id($result))/j:array[@key = 'values']/j:map ! f:text(., 'symbol')"/>
  </xsl:function>

  <!-- ECTS points of the course in this term. -->
  <xsl:function name="f:credits" as="xs:string?">
    <xsl:param name="course" as="element(j:map)"/>
    <xsl:variable name="points" select="f:text(f:answer('credits', ())/j:map[@key = $course/../@key], f:course-id($course))"/>
    <xsl:if test="exists($points) and not($points castable as xs:decimal)">
      <xsl:sequence select="f:unreadable('ECTS points are no decimal number')"/>
    </xsl:if>
    <xsl:sequence select="$points ! f:decimal(.)"/>
  </xsl:function>
</xsl:stylesheet>
